"""Accounts: how a person proves who they are. What they may do is `access`, who they are is the form `user`."""

from orderkit.engine.access.people import find_person, person_of
from orderkit.engine.accounts.links import LinkPurpose, OneTimeLink, make_link, read_link
from orderkit.engine.accounts.passwords import (
    HASHES_AT_ONCE,
    hash_password,
    set_password,
    set_password_hash,
)
from orderkit.engine.accounts.people import (
    become_first_administrator,
    deactivate,
    first_administrator_link,
    make_user,
    roles_of,
    set_password_by_link,
    set_roles,
    watch_users,
)
from orderkit.engine.accounts.preferences import LANGUAGE, ZONE, known_zones, preferences_of, set_preferences
from orderkit.engine.accounts.sessions import (
    OpenSession,
    Session,
    count_sessions,
    end_session,
    find_session,
    open_sessions,
    remove_ended_sessions,
    set_session_locale,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from orderkit.engine.accounts.tokens import Token, make_token, person_of_token, revoke_token, tokens_of

__all__ = [
    "HASHES_AT_ONCE",
    "LANGUAGE",
    "ZONE",
    "LinkPurpose",
    "OneTimeLink",
    "OpenSession",
    "Session",
    "Token",
    "become_first_administrator",
    "count_sessions",
    "deactivate",
    "end_session",
    "find_person",
    "find_session",
    "first_administrator_link",
    "hash_password",
    "known_zones",
    "make_link",
    "make_token",
    "make_user",
    "open_sessions",
    "person_of",
    "person_of_token",
    "preferences_of",
    "read_link",
    "remove_ended_sessions",
    "revoke_token",
    "roles_of",
    "set_password",
    "set_password_by_link",
    "set_password_hash",
    "set_preferences",
    "set_roles",
    "set_session_locale",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "tokens_of",
    "watch_users",
]
