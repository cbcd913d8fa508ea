"""Meeting: the agenda, one item a screen, led on every screen at once; nothing of it is in a browser alone."""

from sop.core.format import how_many
from sop.services.process.agenda import list_agenda
from sop.services.process.meeting import attend, current_meeting
from sop.ui.frame.page import page
from sop.ui.panels.process.meeting import show_meeting, show_opening

with page("Meeting", choose=False) as visit:
    items = list_agenda(visit.room.store, visit.person.id)
    attend(visit.room.store, visit.person.id)
    meeting = current_meeting(visit.room.store, visit.person.id)
    if meeting is not None and meeting.is_on and items:
        show_meeting(visit, meeting, items)
    else:
        minutes = sum(item.minutes for item in items)
        wanting = "" if visit.may("lead_meeting") else "; the coordinator or the CEO makes it"
        told = (
            f"{how_many(len(items), 'items')}, {how_many(minutes, 'minutes')}"
            if items
            else f"nothing is on the agenda yet{wanting}"
        )
        visit.message(f"The meeting: {told}.")
        show_opening(visit, items, meeting)
