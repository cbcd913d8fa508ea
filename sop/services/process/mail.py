"""Mail by SMTP where the installation names a server; none is ever sent otherwise."""

import os
import smtplib
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sop.core.errors import SetupError

_PATIENCE_SECONDS = 20
SERVER, SENDER, RECEIVERS = "SOP_SMTP", "SOP_MAIL_FROM", "SOP_MAIL_TO"


def send_mail(subject: str, text: str) -> str:
    """Send a plain text to the configured receivers; who they are. Raises SetupError where mail is not configured
    or the server does not take it."""
    missing = [name for name in (SERVER, SENDER, RECEIVERS) if not os.environ.get(name)]
    if missing:
        raise SetupError(
            "no mail is configured", why=f"{', '.join(missing)} is not set", remedy="Set it, or read the list here"
        )
    address = urlsplit(os.environ[SERVER])
    if address.scheme not in ("smtp", "smtps") or not address.hostname:
        raise SetupError(f"{SERVER} names no mail server", remedy="Write it as smtp://host:25 or smtps://host:465")
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"], message["To"] = os.environ[SENDER], os.environ[RECEIVERS]
    message.set_content(text)
    kind = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(address.hostname, address.port or 0, timeout=_PATIENCE_SECONDS) as server:
            if address.username:
                server.login(unquote(address.username), unquote(address.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise SetupError(
            f"the mail server {address.hostname} did not take the list", why=str(error) or type(error).__name__
        ) from error
    return os.environ[RECEIVERS]
