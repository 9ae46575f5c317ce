"""Long imports: what is kept of one that was stopped or broke off, and how it goes on."""

from pathlib import Path

import pytest

from orderkit.engine import pacing
from orderkit.engine.importing import run as run_module
from orderkit.engine.importing.options import Options
from orderkit.engine.importing.result import Stage
from orderkit.engine.importing.reversing import reverse
from orderkit.engine.importing.runs import RunState, find_run, recent_runs
from orderkit.engine.importing.transitions import BY_WORKER, TakenOver, claim, stop_run, to_go_on
from orderkit.engine.records import Update, apply
from orderkit.engine.runtime import SYSTEM
from orderkit.model.errors import Conflict
from tests.engine.importing.trading import HEADINGS, Shop, row, told, write_csv

LINES = ("order", "position", "product", "qty", "price", "discount", "amount")


class TestLongFiles:
    """Transactions are small here, so that a few rows are a long file; how fast this machine is does not matter."""

    @pytest.fixture(autouse=True)
    def small_chunks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("ALONE_ROWS", "FIRST_ROWS", "MOST_ROWS"):
            monkeypatch.setattr(run_module, name, 4)
        monkeypatch.setattr(pacing, "LONGEST_SECONDS", 1_000)

    def rows(self, count: int = 10) -> list[tuple[object, ...]]:
        return [row(单号=f"A{number}") for number in range(count)]

    def test_progress_is_told_and_kept(self, shop: Shop) -> None:
        told_: list[tuple[Stage, int, int]] = []
        result = shop.load(shop.csv(*self.rows()), on_progress=lambda *each: told_.append(each))
        assert told_ == [
            (Stage.READING, 0, 0),
            *((Stage.TRYING, done, 10) for done in (2, 4, 6, 8, 10)),
            *((Stage.WRITING, done, 10) for done in (2, 4, 6, 8, 10)),
        ]
        with shop.office.look(None) as unit:
            kept = find_run(unit, result.run_id)
        assert (kept.state, kept.total, kept.done, kept.created) == (RunState.DONE, 10, 10, 10)

    def test_others_get_a_turn_between_two_transactions(
        self, any_shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SQLite's own waiting is no queue: who comes back at once would keep another process out to the end."""
        slept: list[float] = []
        monkeypatch.setattr(pacing, "sleep", slept.append)
        result = any_shop.load(any_shop.csv(*self.rows()))
        is_alone = any_shop.office.runtime.database.dialect == "sqlite"
        assert slept == ([pacing.PAUSE_SECONDS] * (5 + 4) if is_alone else [])
        slept.clear()
        assert reverse(any_shop.office.runtime, SYSTEM, result.run_id) == ()
        assert bool(slept) is is_alone

    def test_one_bad_row_at_the_end_keeps_everything_out(self, shop: Shop) -> None:
        result = shop.load(shop.csv(*self.rows(), row(单号="B", 数量="-1")))
        assert told(result.problems)[0][0] == "G12"
        assert shop.count("order") == (0,)

    def test_records_that_collide_in_different_chunks_are_found(self, any_shop: Shop) -> None:
        rows = [(f"N{number}", "a", f"T{number}") for number in range(8)]
        headings = ("客户编码", "客户名称", "税号")
        result = any_shop.load(
            write_csv(any_shop.folder / "c.csv", headings, *rows, ("N9", "b", "T0")), "customer"
        )
        assert told(result.problems) == [("C10", "duplicate", "T0")]
        assert result.problems[0].what["en"] == "the same as in row 2, though it must be unique"
        assert any_shop.count("customer") == (3,)

    def test_an_import_that_is_cancelled_keeps_whole_records_and_goes_on_later(self, any_shop: Shop) -> None:
        path = any_shop.csv(*self.rows())
        seen: list[Stage] = []

        def stop() -> bool:
            return seen.count(Stage.WRITING) >= 2

        result = any_shop.load(path, on_progress=lambda stage, *_: seen.append(stage), is_cancelled=stop)
        assert (result.state, result.created) == (RunState.CANCELLED, 4)
        assert any_shop.count("order", "order.lines") == (4, 4)
        again = any_shop.load(path)
        assert (again.created, again.unchanged) == (6, 4)
        assert len(set(any_shop.stored("order", "external"))) == 10

    def test_a_page_may_stop_an_import(self, shop: Shop) -> None:
        def stop(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.TRYING and done == 4:
                with shop.office.act(None) as unit:
                    (run,) = recent_runs(unit)
                    stop_run(unit, run.id)

        result = shop.load(shop.csv(*self.rows()), on_progress=stop)
        assert (result.state, shop.count("order")) == (RunState.CANCELLED, (0,))

    def test_the_good_rows_are_kept_where_that_is_wanted(self, shop: Shop) -> None:
        rows = [*self.rows(5), row(单号="B", 数量="-1"), row(单号="C", 产品="nix"), *self.rows(7)[5:]]
        result = shop.load(shop.csv(*rows), options=Options(keep_good=True))
        assert (result.state, result.created, result.refused) == (RunState.DONE, 7, 2)
        assert [each.row for each in result.problems] == [7, 8]
        assert not result.is_clean
        assert {external for (external,) in shop.stored("order", "external")} == {f"A{n}" for n in range(7)}

    def test_a_heading_that_is_missing_keeps_everything_out(self, shop: Shop) -> None:
        path = shop.csv(*(each[1:] for each in self.rows()), headings=HEADINGS[1:])
        result = shop.load(path, options=Options(keep_good=True))
        assert (result.state, shop.count("order")) == (RunState.REFUSED, (0,))

    def test_a_record_that_is_refused_only_while_it_is_written_is_left_out_alone(self, shop: Shop) -> None:
        path = shop.csv(*self.rows(5), row(单号="Z", 客户="C2"))

        def interfere(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 2:
                with shop.office.act(None) as unit:
                    apply(unit, [Update(form="customer", id=2, values={"active": False})])

        result = shop.load(path, on_progress=interfere, options=Options(keep_good=True))
        assert (result.state, result.created, result.refused) == (RunState.DONE, 5, 1)
        assert told(result.problems)[0][0] == "B7"

    def test_what_broke_off_goes_on_where_it_was(self, any_shop: Shop) -> None:
        """Nothing tells these records apart: only the run itself knows what is written already."""
        mapped = any_shop.csv(*(row(单号="", 备注=str(number)) for number in range(10)))

        def crash(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            any_shop.load(mapped, "notes", on_progress=crash)
        assert any_shop.count("order") == (4,)
        with any_shop.office.look(None) as unit:
            (broken,) = recent_runs(unit)
            assert (broken.state, broken.done, broken.created) == (RunState.FAILED, 4, 4)
            assert to_go_on(unit, broken.id, "notes", mapped) == broken
        result = any_shop.load(mapped, "notes", run_id=broken.id, expected={RunState.FAILED})
        assert (result.state, result.created) == (RunState.DONE, 10)
        assert sorted(int(note) for (note,) in any_shop.stored("order", "note")) == list(range(10))

    def test_of_two_who_work_on_one_import_each_record_is_written_by_one(self, any_shop: Shop) -> None:
        """A worker that was given up wakes again, while the next one has gone on with its import."""
        path = any_shop.csv(*(row(单号="", 备注=str(number)) for number in range(10)))

        def go_on_elsewhere(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 4:
                with any_shop.office.look(None) as unit:
                    (run,) = recent_runs(unit)
                assert any_shop.load(path, "notes", run_id=run.id, expected=BY_WORKER).created == 10

        with pytest.raises(TakenOver):
            any_shop.load(path, "notes", on_progress=go_on_elsewhere)
        assert any_shop.count("order") == (10,)
        with any_shop.office.look(None) as unit:
            (run,) = recent_runs(unit)
        assert (run.state, run.done, run.created) == (RunState.DONE, 10, 10)

    def broken(self, shop: Shop, path: Path, name: str = "notes", **more: object) -> int:
        """Let an import break off after it wrote two chunks, and return its run."""

        def crash(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            shop.load(path, name, on_progress=crash, **more)
        with shop.office.look(None) as unit:
            return recent_runs(unit)[0].id

    def without_keys(self, **changed: object) -> list[tuple[object, ...]]:
        """Return ten rows that nothing tells apart, the last one changed."""
        rows = [row(单号="", 备注=str(number)) for number in range(9)]
        return [*rows, row(单号="", 备注="9", **changed)]

    @pytest.mark.parametrize("options", [Options(), Options(keep_good=True)])
    def test_what_is_bad_by_now_keeps_out_what_was_to_be_written_whole(
        self, shop: Shop, options: Options
    ) -> None:
        """It goes on as it was begun, whatever it is told now."""
        path = shop.csv(*self.without_keys(客户="C2"))
        run_id = self.broken(shop, path)
        shop.office.update(None, "customer", 2, active=False)
        again = shop.load(path, "notes", run_id=run_id, expected={RunState.FAILED}, options=options)
        assert (again.state, again.created, told(again.problems)) == (
            RunState.FAILED,
            4,
            [("B11", "where", "C2")],
        )
        assert shop.count("order") == (4,)
        shop.office.update(None, "customer", 2, active=True)
        last = shop.load(path, "notes", run_id=run_id, expected={RunState.FAILED})
        assert (last.state, last.created, shop.count("order")) == (RunState.DONE, 10, (10,))

    def test_what_is_bad_by_now_is_left_out_where_good_rows_are_kept(self, shop: Shop) -> None:
        bad = row(单号="", 备注="bad", 客户="NEW")
        path = shop.csv(bad, *self.without_keys(客户="C2"))
        run_id = self.broken(shop, path, options=Options(keep_good=True))
        # What was refused stays so; somebody may have imported it mended.
        shop.office.create(None, "customer", {"code": "NEW", "name": "neu"})
        shop.office.update(None, "customer", 2, active=False)
        again = shop.load(path, "notes", run_id=run_id, expected={RunState.FAILED})
        assert (again.state, again.created, again.refused) == (RunState.DONE, 9, 2)
        assert told(again.problems) == [("B2", "unknown_reference", "NEW"), ("B12", "where", "C2")]
        assert sorted(str(note) for (note,) in shop.stored("order", "note")) == list("012345678")

    def test_what_stands_already_is_not_judged_again(self, shop: Shop) -> None:
        first = row(单号="", 备注="first", 客户="C2")
        path = shop.csv(first, *self.without_keys())
        run_id = self.broken(shop, path)
        shop.office.update(None, "customer", 2, active=False)
        again = shop.load(path, "notes", run_id=run_id, expected={RunState.FAILED})
        assert (again.state, again.created) == (RunState.DONE, 11)

    def test_it_does_not_go_on_among_other_records(self, shop: Shop) -> None:
        """Two rows were one record; now that the customers are called otherwise they are two."""
        path = shop.csv(*self.rows(6), row(单号="Z"), row(单号="Z", 客户="客户C1"))
        run_id = self.broken(shop, path, "orders")
        shop.office.update(None, "customer", 1, name="anders")
        shop.office.update(None, "customer", 2, name="客户C1")
        again = shop.load(path, run_id=run_id, expected={RunState.FAILED})
        assert (again.state, again.created) == (RunState.FAILED, 4)
        assert [each.code for each in again.problems] == ["changed_since"]
        assert shop.count("order") == (4,)

    def test_another_file_does_not_go_on(self, shop: Shop) -> None:
        run_id = self.broken(shop, shop.csv(*self.without_keys()))
        other = shop.csv(*self.without_keys(数量="3"))
        with pytest.raises(Conflict):
            shop.load(other, "notes", run_id=run_id, expected={RunState.FAILED})
        assert shop.count("order") == (4,)

    def test_few_changes_among_many_rows_are_written_whole_or_not_at_all(self, shop: Shop) -> None:
        shop.load(shop.csv(*self.rows()))
        rows = self.rows()
        rows[0], rows[-1] = row(单号="A0", 备注="neu"), row(单号="A9", 数量="-1")
        result = shop.load(shop.csv(*rows))
        assert (result.state, told(result.problems)[0][0]) == (RunState.REFUSED, "G11")
        assert ("neu",) not in shop.stored("order", "note")

    @pytest.mark.parametrize("why", ["a dry run", "under way", "another file", "another mapping"])
    def test_only_what_broke_off_goes_on(self, shop: Shop, why: str) -> None:
        path = shop.csv(*self.without_keys())
        run_id = self.broken(shop, path)
        dry = shop.load(path, "notes", dry_run=True, is_cancelled=lambda: True)
        assert dry.state is RunState.CANCELLED
        with shop.office.act(None) as unit:
            assert to_go_on(unit, run_id, None, path).done == 4
            if why == "a dry run":
                run_id = dry.run_id
            elif why == "under way":
                claim(unit, run_id, {RunState.FAILED})
            elif why == "another file":
                path = shop.csv(*self.without_keys(数量="3"))
            with pytest.raises(Conflict):
                to_go_on(unit, run_id, "orders" if why == "another mapping" else "notes", path)

    def test_somebody_else_may_get_in_between(self, shop: Shop) -> None:
        """A product goes while the file is being written: what is written stays, the rest is refused."""
        path = shop.csv(*self.rows(5), row(单号="Z", 产品="P2"))

        def interfere(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 2:
                with shop.office.act(None) as unit:
                    apply(unit, [Update(form="customer", id=1, values={"active": False})])

        result = shop.load(path, on_progress=interfere)
        assert (result.state, result.created) == (RunState.FAILED, 2)
        assert told(result.problems)[0][0] == "B4"
        assert shop.count("order") == (2,)
