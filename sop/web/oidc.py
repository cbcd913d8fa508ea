"""Signing in at the company's own OpenID Connect provider: the code flow with PKCE, state and nonce.

The provider says who somebody is; whether they may get in, and as what, is said here: only people whom an
administrator added, under the id that a claim gives (`email`, or what SOP_OIDC_CLAIM names).
"""

from __future__ import annotations

import json
import os
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from sop.core.errors import NotAllowed, SetupError
from sop.core.names import normal_id

_SECONDS = 10
_FRESH = 300
"""How long ago somebody may have proved to the provider who they are, where a fresh proof was asked for."""
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


@dataclass(frozen=True)
class Asked:
    """What was asked of the provider, kept in the browser's own cookie until it comes back."""

    state: str
    nonce: str
    verifier: str
    there: str
    fresh: bool

    def text(self) -> str:
        """As the value of a cookie."""
        return urlsafe_b64encode(json.dumps(vars(self)).encode()).decode()


def read_asked(text: str) -> Asked | None:
    """What a cookie keeps; None where it holds nothing of ours."""
    try:
        return Asked(**json.loads(urlsafe_b64decode(text)))
    except (ValueError, TypeError):
        return None


def start(callback: str, there: str, *, fresh: bool) -> tuple[str, Asked]:
    """Where to send a browser, and what it must bring back. `fresh`: the provider asks for the password again.

    Raises SetupError where no provider is named or it does not answer.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    asked = Asked(state, nonce, verifier, there, fresh)
    again = {"prompt": "login", "max_age": 0} if fresh else {}
    address, _ = _client(callback).create_authorization_url(
        _provider()["authorization_endpoint"],
        state=asked.state,
        nonce=asked.nonce,
        code_verifier=asked.verifier,
        **again,
    )
    return str(address), asked


def finish(callback: str, answer: dict[str, str], asked: Asked | None) -> str:
    """The id of who came back from the provider. Raises NotAllowed where anything about it is not as asked."""
    if asked is None or not secrets.compare_digest(answer.get("state", ""), asked.state) or "code" not in answer:
        raise NotAllowed("the sign-in was not finished", remedy="Try again")
    found = _provider()
    try:
        token = _client(callback).fetch_token(
            found["token_endpoint"], code=answer["code"], code_verifier=asked.verifier, timeout=_SECONDS
        )
        claims = _checked(str(token["id_token"]), found, asked)
    except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, ValueError) as error:
        raise NotAllowed("the provider's answer cannot be trusted", remedy="Try again") from error
    name = os.environ.get("SOP_OIDC_CLAIM", "email")
    if name == "email" and claims.get("email_verified") is False:
        raise NotAllowed("the provider has not verified this mail address", remedy="Verify it there")
    return normal_id(str(claims.get(name) or ""))


def _checked(token: str, found: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """The claims of an identity token that is for us, for this browser, and of now."""
    keys = KeySet.import_key_set(requests.get(found["jwks_uri"], timeout=_SECONDS).json())
    claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
    jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": found["issuer"]},
        aud={"essential": True, "value": _setting("SOP_OIDC_CLIENT_ID")},
        exp={"essential": True},
        nonce={"essential": True, "value": asked.nonce},
    ).validate(claims)
    if asked.fresh and time.time() - float(claims.get("auth_time", time.time())) > _FRESH:
        raise ValueError("not a fresh proof")
    return claims


def _client(callback: str) -> OAuth2Session:
    return OAuth2Session(
        _setting("SOP_OIDC_CLIENT_ID"),
        _setting("SOP_OIDC_CLIENT_SECRET"),
        scope="openid email profile",
        redirect_uri=callback,
        code_challenge_method="S256",
    )


def _provider() -> dict[str, Any]:
    """What the provider says about itself."""
    issuer = _setting("SOP_OIDC_ISSUER").rstrip("/")
    try:
        found: dict[str, Any] = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=_SECONDS).json()
    except (requests.RequestException, ValueError) as error:
        raise SetupError("the provider does not answer", where=issuer, remedy="Try again later") from error
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise SetupError("the provider calls itself by another name", where=issuer, remedy="Check SOP_OIDC_ISSUER")
    return found


def _setting(name: str) -> str:
    found = os.environ.get(name, "")
    if not found:
        raise SetupError(f"{name} is not set", remedy="Set it where the server is started; see docs/access.md")
    return found
