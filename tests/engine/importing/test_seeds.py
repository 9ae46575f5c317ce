"""Seeds: records in git stand in the database, and what people filled in beside them stays."""

import pytest

from orderkit.engine import records
from orderkit.engine.importing import seeds
from orderkit.engine.importing.seeds import SeedResult
from orderkit.model.errors import Refused
from tests.support.clock import FakeClock
from tests.support.office import Office, open_office
from tests.support.projects import project

FORMS = (
    """
form: region
label: {zh: 区域, en: Region}
title: "{name}"
fields:
  code: {type: text, label: {zh: 编码, en: Code}, required: true, unique: true}
  name: {type: text, label: {zh: 名称, en: Name}, required: true, check: value != code, error: 名称不能与编码相同}
  parent: {type: ref, to: region, label: {zh: 上级, en: Parent}}
""",
    """
form: depot
label: {zh: 仓库, en: Depot}
title: "{name}"
fields:
  code: {type: text, label: {zh: 编码, en: Code}, required: true}
  name: {type: text, label: {zh: 名称, en: Name}, required: true}
  region: {type: ref, to: region, label: {zh: 区域, en: Region}}
  share: {type: percent, label: {zh: 占比, en: Share}}
  note: {type: text, label: {zh: 备注, en: Note}}
""",
)
DEPOTS = """
seed: a_depots
for: depot
match: [code]
rows:
  - {code: MAIN, name: 主仓, region: EAST, share: 15%}
  - {code: "007", name: 小仓, region: 华东}
"""
LISTS = """
form: price_list
label: {zh: 价目表, en: Price list}
title: "{code}"
fields:
  code: {type: text, label: {zh: 编码, en: Code}, required: true, unique: true}
  lines:
    type: lines
    label: {zh: 明细, en: Lines}
    fields:
      region: {type: ref, to: region, label: {zh: 区域, en: Region}}
      price: {type: money, label: {zh: 价格, en: Price}}
"""
PRICES = """
seed: prices
for: price_list
match: [code]
rows: [{code: L1, lines: [{region: CN, price: 1.10}, {region: EAST, price: 2}]}]
"""
REGIONS = """
seed: regions
for: region
match: [code]
rows: [{code: CN, name: 中国}, {code: EAST, name: 华东, parent: CN}]
"""


@pytest.fixture
def office(make_database, tmp_path, clock: FakeClock):
    def opened(*seeds_: str) -> Office:
        shop = project(*FORMS, *seeds_)
        return open_office(shop, make_database(shop), tmp_path, clock, [])

    return opened


def applied(office: Office) -> SeedResult:
    with office.act(None) as unit:
        return seeds.apply(unit)


def test_seeds_come_in_the_order_of_what_they_refer_to(office) -> None:
    shop = office(DEPOTS, REGIONS)
    assert applied(shop) == SeedResult(created=4)
    assert [shop.value("depot", n, "region") for n in (1, 2)] == [2, 2]
    assert shop.value("region", 2, "parent") == 1
    assert shop.value("depot", 2, "code") == "007"
    assert str(shop.value("depot", 1, "share")) == "0.1500"


def test_a_second_time_changes_nothing_but_what_differs(office) -> None:
    shop = office(DEPOTS, REGIONS)
    applied(shop)
    assert applied(shop) == SeedResult(unchanged=4)
    with shop.act(None) as unit:
        records.apply(unit, [records.Update(form="depot", id=1, values={"name": "旧", "note": "ours"})])
    assert applied(shop) == SeedResult(updated=1, unchanged=3)
    assert (shop.value("depot", 1, "name"), shop.value("depot", 1, "note")) == ("主仓", "ours")


def test_seeds_may_have_lines(office) -> None:
    shop = office(LISTS, REGIONS, PRICES)
    assert applied(shop) == SeedResult(created=3)
    assert applied(shop) == SeedResult(unchanged=3)
    with shop.act(None) as unit:
        change = records.Update(form="price_list", id=1, lines={"lines": [records.LineChange(id=1)]})
        records.apply(unit, [change])
    assert applied(shop) == SeedResult(updated=1, unchanged=2)
    with shop.look(None) as unit:
        (record,) = records.page(unit, records.Query(form="price_list", with_lines=True)).rows
    assert [str(line.values["price"]) for line in record.lines["lines"]] == ["1.10", "2.00"]
    assert record.lines["lines"][0].id == 1


def test_a_seed_that_refers_to_nothing_is_refused_in_full(office) -> None:
    shop = office(REGIONS, DEPOTS.replace("华东}", "西北}"))
    with pytest.raises(Refused) as caught:
        applied(shop)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == ("a_depots.2.region", "unknown_reference")
    assert problem.message["en"] == "there is no region `西北`"
    with shop.look(None) as unit:
        assert records.count(unit, records.Query(form="region")).value == 0


def test_a_seed_that_breaks_a_rule_names_its_row(office) -> None:
    shop = office(REGIONS.replace("name: 华东", "name: EAST"))
    with pytest.raises(Refused) as caught:
        applied(shop)
    assert caught.value.problems[0].path == "regions.2.name"


def test_a_seed_that_fits_several_records_is_refused(office) -> None:
    shop = office(REGIONS, DEPOTS)
    for _ in range(2):
        shop.create(None, "depot", {"code": "MAIN", "name": "x"})
    with pytest.raises(Refused) as caught:
        applied(shop)
    assert caught.value.problems[0].code == "ambiguous"
