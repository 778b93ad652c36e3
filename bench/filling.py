"""Registers to measure: posts, applications and copies, entered and bound by the log as acts are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count, cycle

from store.acts.authority import Actor, Authority, Deed, enact
from store.acts.circulation import return_copy
from store.acts.voice import Message, give_feedback
from store.codes import PlateCode
from store.policy import founding_plan
from store.records import (
    Application,
    CollectiveKind,
    Copy,
    Face,
    Grade,
    Member,
    Organisation,
    OrganisationKind,
    Post,
    PostContent,
    PostKind,
    Product,
    Record,
    Role,
    Stage,
    Timing,
    Topic,
)
from store.register import Register, Transaction

COPIES_PER_POST = 10
DOCUMENTS_PER_POST = COPIES_PER_POST + 4
"""A post, its application and copies, the log entry of the act, and a node of the log's tree."""

BRANCHES = 40
POSTS_PER_TRANSACTION = 2_000
SCATTER = 7919
"""A prime: neighbours in time are asked for far from each other, and nobody twice."""

ASKED_FOR = 2_500
"""How many copies are asked for in turn; the acts are done to the first of them."""

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)
POLICY = founding_plan()


def fill(register: Register, documents: int) -> None:
    """Enter so many documents, or a few more, into an empty register, in few transactions."""
    with register.transaction() as transaction:
        enact(transaction, _by(Role.COMMITTEE), Deed(act="organise", object="all"), list(_organisations()))
    posts = range(posts_in(documents))
    for first in posts[::POSTS_PER_TRANSACTION]:
        with register.transaction() as transaction:
            for number in posts[first : first + POSTS_PER_TRANSACTION]:
                _enter_post(transaction, number)


def posts_in(documents: int) -> int:
    """Return how many posts there are in a register of so many documents."""
    return -(-documents // DOCUMENTS_PER_POST)


def posts(numbers: range) -> Iterator[Post]:
    """Return the posts with these numbers."""
    return (Post(id=post_id_of(number), year=2026, branch_id=branch_id_of(number)) for number in numbers)


def applications(numbers: range) -> Iterator[Application]:
    """Return what was applied for the posts with these numbers."""
    return map(_application, numbers)


def copies(numbers: range) -> Iterator[Copy]:
    """Return the copies of the posts with these numbers."""
    return map(copy, range(numbers.start * COPIES_PER_POST, numbers.stop * COPIES_PER_POST))


def _enter_post(transaction: Transaction, number: int) -> None:
    only = range(number, number + 1)
    records: list[Record] = [*posts(only), *applications(only), *copies(only)]
    enact(transaction, _by(Role.COMMITTEE), Deed(act="issue", object=post_id_of(number)), records)


def _by(role: Role) -> Authority:
    return Authority(actor=Actor(name="bench", role=role), now=NOON, policy=POLICY)


class Work:
    """What is done again and again in a register of a size: two acts, each as a whole, and look-ups."""

    def __init__(self, register: Register, documents: int, *, first_receipt: int = 0) -> None:
        self._register = register
        size = posts_in(documents) * COPIES_PER_POST
        self._returning = (copy(number * SCATTER % size).id for number in count())
        self._receipts = (f"R{number:011d}" for number in count(first_receipt))
        numbers = [number * SCATTER % size for number in range(ASKED_FOR)]
        self.codes = cycle([code(number) for number in numbers])
        self.ids = cycle([copy(number).id for number in numbers])

    def warm(self) -> None:
        """Ask for every copy once, so that nobody waits for what the disk has not read since long."""
        for _ in range(ASKED_FOR):
            self._register.find(Copy, code=next(self.codes).text)
            self._register.get(Copy, next(self.ids))

    def give_back(self) -> None:
        """Enter that a copy came back: reads, one record, its log entry, the tree's nodes, one commit."""
        return_copy(self._register, _by(Role.COMMITTEE), next(self._returning))

    def vote(self) -> None:
        """Receive a message of the public: the same, and how the plate stands."""
        receipt = next(self._receipts)
        message = Message(
            receipt=receipt,
            copy_id=next(self.ids),
            topic=Topic.RATING,
            grade=Grade.SATISFIED,
            comment="办事很快",
            voter=receipt,
        )
        give_feedback(self._register, _by(Role.PUBLIC), message)


def code(number: int) -> PlateCode:
    """Return the code of the copy with this number; codes lie scattered, as random ones do."""
    return PlateCode.from_bits((number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC8341 % 2**130)


def copy(number: int) -> Copy:
    """Return a copy as long as real ones."""
    post = number // COPIES_PER_POST
    return Copy(
        id=f"{post_id_of(post)}-{number % COPIES_PER_POST:02d}",
        code=code(number).text,
        post_id=post_id_of(post),
        branch_id=branch_id_of(post),
        application_id=f"{post_id_of(post)}-A1",
        product=Product.PLAQUE,
        stage=Stage.CREATION,
        design="plaque-creation",
        size="a4",
        face=FACE,
        place=CONTENT.place,
        issued_at=NOON,
    )


def _organisations() -> Iterator[Organisation]:
    yield Organisation(id="O01", name="中心党委", kind=OrganisationKind.COMMITTEE)
    for number in range(BRANCHES):
        yield Organisation(
            id=branch_id_of(number),
            name=f"第{number + 1}党总支",
            kind=OrganisationKind.GENERAL_BRANCH,
            parent_id="O01",
        )


def branch_id_of(post: int) -> str:
    """Return the id of the branch that the post with this number is of."""
    return f"branch-{post % BRANCHES}"


def post_id_of(post: int) -> str:
    """Return the id of the post with this number."""
    return f"2026-{post:05d}"


def _application(post: int) -> Application:
    return Application(
        id=f"{post_id_of(post)}-A1",
        post_id=post_id_of(post),
        branch_id=branch_id_of(post),
        year=2026,
        content=CONTENT,
        filed_at=NOON,
        timing=Timing.IN_WINDOW,
    )


NAMES = ("王小明", "李红", "买买提·艾力", "欧阳建国", "张伟")
FACE = Face(
    heading="创建共产党员示范岗",
    post_name="综合受理服务窗口",
    duties="受理、审核、发证，一次告知，限时办结，对群众的意见当日答复。",
    member_count=len(NAMES),
    names=NAMES,
    holder="",
    holder_title="",
    branch_name="机关党总支",
    issuer="中心党委",
    dated_on=date(2026, 7, 1),
)
CONTENT = PostContent(
    name=FACE.post_name,
    kind=PostKind.COLLECTIVE,
    collective_kind=CollectiveKind.SERVICE_POST,
    place="政务服务中心一楼大厅3号窗口",
    duties=FACE.duties,
    members=tuple(Member(name=name) for name in NAMES),
    commitment="微笑服务，限时办结。",
)
