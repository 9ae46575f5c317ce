"""Doing a request once, however often it arrives: the `Idempotency-Key` header.

The key is claimed and the answer kept in the transaction that makes the change (`engine.once`).
"""

from collections.abc import Callable

from orderkit.engine.once import FirstAnswer, KeyReused, claimed, digest_of, keep
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.labels import label
from orderkit.web.api.calls import Answer, Call
from orderkit.web.api.problems import BadRequest

HEADER = "idempotency-key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 200


def once(runtime: Runtime, call: Call, work: Callable[[Unit], Answer]) -> Answer:
    """Run `work` in one transaction and return its answer, or the first one for a key seen before."""
    key = call.headers.get(HEADER)
    if key is not None and not (1 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise BadRequest(
            "bad_idempotency_key",
            label(
                zh=f"Idempotency-Key 须为 1 到 {LONGEST_KEY} 个可打印 ASCII 字符",
                en=f"Idempotency-Key must be 1 to {LONGEST_KEY} printable ASCII characters",
            ),
        )
    with call.writing(runtime) as unit:
        if key is None:
            return work(unit)
        first = _claimed(unit, call, key)
        if first is not None:
            return first
        answer = work(unit)
        kept = FirstAnswer(status=answer.status, headers=answer.headers, body=answer.body.decode())
        keep(unit, key, kept)
    return answer


def _claimed(unit: Unit, call: Call, key: str) -> Answer | None:
    """Claim the key; return the first answer to it if there is one."""
    if_match = call.headers.get("if-match", "")
    # A narrower token of the same person is not told what a wider one was answered.
    scope = repr(call.person.scope and (call.person.scope.reach, sorted(call.person.scope.forms or ())))
    parts = (call.method.encode(), call.path.encode(), if_match.encode(), call.body)
    digest = digest_of(parts if call.person.scope is None else (*parts, scope.encode()))
    try:
        first = claimed(unit, key, digest)
    except KeyReused as error:
        raise BadRequest(
            "idempotency_key_reused",
            label(
                zh="这个 Idempotency-Key 已用于另一个不同的请求，请换一个新的",
                en="this Idempotency-Key was used for a different request; take a new one",
            ),
            status=422,
        ) from error
    if first is None:
        return None
    return Answer(
        status=first.status,
        body=first.body.encode(),
        media_type=None if first.status == 204 else "application/json",
        headers={**first.headers, REPLAYED: "true"},
    )
