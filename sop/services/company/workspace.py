"""Where a company's data live: a workspace folder, or a database by URL with the folder beside it for keys."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sop.core.errors import Conflict, NotFound, SetupError
from sop.core.faults import explain_os_error
from sop.store import Store, open_store
from sop.store.database import FILE_NAME
from sop.store.faults import without_kept

ROOT = Path(__file__).resolve().parents[3]


def workspace_folder(given: Path | str | None = None) -> Path:
    """The workspace folder: the one given, else SOP_WORKSPACE, else `data/workspaces/default` of the project."""
    return Path(given or os.environ.get("SOP_WORKSPACE") or ROOT / "data" / "workspaces" / "default")


def has_database(given: Path | str | None = None) -> bool:
    """Whether there is something to open: the folder's own database, or one that SOP_DATABASE_URL names."""
    return bool(os.environ.get("SOP_DATABASE_URL")) or (workspace_folder(given) / FILE_NAME).is_file()


def open_workspace(given: Path | str | None = None, *, create: bool = False) -> Store:
    """The store of a workspace; SOP_DATABASE_URL names a PostgreSQL database in place of the folder's own.

    Raises NotFound where there is none and `create` is false, SetupError where it cannot be used.
    """
    folder = workspace_folder(given)
    if not create:
        require_workspace(folder)
    else:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explain_os_error(error, "the workspace folder cannot be made", str(folder)) from error
    url = os.environ.get("SOP_DATABASE_URL")
    return open_store(url=url) if url else open_store(folder)


def require_workspace(given: Path | str | None = None) -> None:
    """Raises NotFound, with how to make one, where there is no workspace."""
    if not has_database(given):
        raise NotFound(
            f"there is no workspace in {workspace_folder(given)}",
            remedy="Make one with `python -m sop demo` or `python -m sop init --cycle YYYY-MM`, or name another",
        )


@contextmanager
def making(made: Path, place: Path, nothing: str) -> Iterator[None]:
    """What goes wrong while a workspace is made beside its place is told of the place, with `nothing` as what was
    kept; what was made so far is removed."""
    what = "the workspace cannot be made"
    try:
        yield
    except OSError as error:
        raise explain_os_error(error, what, str(place), nothing) from error
    except SetupError as fault:
        why = f"{without_kept(fault.what)} ({fault.why})" if fault.why else without_kept(fault.what)
        raise SetupError(f"{what}, {nothing}", where=str(place), why=why, remedy=fault.remedy) from fault
    finally:
        shutil.rmtree(made, ignore_errors=True)


def move_workspace(made: Path, folder: Path) -> None:
    """Move a workspace that was made beside its place there, the database first and only where there is none.

    Of two that are made at once one gets the place. Raises Conflict for the other, and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        os.link(made / FILE_NAME, folder / FILE_NAME)
    except FileExistsError as error:
        raise Conflict(
            f"there is a workspace in {folder}", remedy="Choose a new folder with --workspace"
        ) from error
    except OSError:  # a file system without links, such as a network folder
        if (folder / FILE_NAME).exists():
            raise Conflict(f"there is a workspace in {folder}", remedy="Choose a new folder") from None
        (made / FILE_NAME).rename(folder / FILE_NAME)
    else:
        (made / FILE_NAME).unlink()
    for file in made.iterdir():
        file.rename(folder / file.name)


def keys_folder(given: Path | str | None = None) -> Path:
    """Where the installation's signing keys are kept."""
    return workspace_folder(given) / "keys"
