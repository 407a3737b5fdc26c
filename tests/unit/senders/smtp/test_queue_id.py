"""The names that servers give to messages they took."""

import pytest

from sendwright.senders.smtp.queue_id import queue_id


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("2.0.0 Ok: queued as 4f7Kq01Zz3z9rxN", "4f7Kq01Zz3z9rxN"),
        ("2.0.0 Ok: queued as 9A3C11E0047", "9A3C11E0047"),
        ("OK id=1r5Abc-0001Xy-2Z", "1r5Abc-0001Xy-2Z"),
        ("OK id=1tDfZK-00000002xyz-3abc", "1tDfZK-00000002xyz-3abc"),
        (
            "2.0.0 OK  1700000000 ffacd0b85a97d-33167-5a2c12sm12345f8f.12 - gsmtp",
            "ffacd0b85a97d-33167-5a2c12sm12345f8f.12",
        ),
        (
            "2.6.0 <1@example.org> [InternalId=123456789, Hostname=AM0.example.com] Queued mail for delivery",
            "123456789",
        ),
        ("2.0.0 3AKBx2aB012345 Message accepted for delivery", "3AKBx2aB012345"),
        ("2.0.0 1a2b3c4d Message accepted for delivery", "1a2b3c4d"),
        (
            "Ok 0102018b1234abcd-1a2b3c4d-1111-2222-3333-444455556666-000000",
            "0102018b1234abcd-1a2b3c4d-1111-2222-3333-444455556666-000000",
        ),
        ("ok 1700000000 qp 12345", "12345"),
        ("Message Queued (2b8e.example)", ""),
        ("2.0.0 Ok", ""),
        ("Thanks", ""),
        ("", ""),
    ],
)
def test_it_is_read_where_it_is_recognised(reply: str, expected: str) -> None:
    assert queue_id(reply) == expected
