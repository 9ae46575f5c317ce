"""A signature drawn by hand, without which a step that wants one is not approved."""

from collections.abc import Iterable

from orderkit.engine import files
from orderkit.engine.records.reading.attachments import SIGNATURE
from orderkit.engine.runtime import Channel, Person, Runtime
from orderkit.engine.workflow.approvals.holding import Held
from orderkit.engine.workflow.approvals.leave import refused
from orderkit.model.labels import label

LARGEST_SIGNATURE = 256 * 1024
_MISSING = label(zh="请手写签名", en="sign by hand")
_NO_SUCH = label(zh="签名没有上传成功，请重新签一次", en="the signature did not arrive; sign once more")


def upload_signature(runtime: Runtime, person: Person, channel: Channel, chunks: Iterable[bytes]) -> int:
    """Store a drawn signature, a PNG, and return its id for the decision. Raises Refused."""
    stored = files.receive(
        runtime,
        person,
        channel,
        name="signature.png",
        chunks=chunks,
        extensions=("png",),
        max_size=LARGEST_SIGNATURE,
    )
    return stored.id


def kept_signature(held: Held, file_id: int | None) -> int | None:
    """Tie a signature to the task that it approves; none where the step wants none. Raises Refused."""
    if not held.step.sign:
        return None
    if file_id is None:
        raise refused("signature", _MISSING, "signature")
    file = files.files_of(held.unit, [file_id]).get(file_id)
    if file is None or file.record_id is not None or file.created_by != held.unit.person.id:
        raise refused("not_found", _NO_SUCH, "signature")
    if file.media_type != "image/png":
        raise refused("invalid", _NO_SUCH, "signature")
    files.tie(held.unit, [(file_id, SIGNATURE, "signature", held.task.id)])
    return file_id
