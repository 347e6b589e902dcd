"""Reading the register of instruments, and deciding how closely an act is kept."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import reading, writing
from gis_service.foundation.access import Act, Classification
from gis_service.foundation.errors import NotFound
from gis_service.foundation.readings import note_reading
from gis_service.procedures.classification.commands import classify
from gis_service.procedures.classification.schemas import ReclassificationIn
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instrument_by_number, instruments_page
from gis_service.registers.instruments.schemas import InstrumentOut

app = typer.Typer(help="文件依据：批复、决定、数据集，以及它们的密级。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Number = Annotated[str, typer.Argument(help="文号，如 国函〔2020〕79号；或数据集名")]


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """已登记的文件及其密级，按文号排列。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        told = [_told(session, row) for row in instruments_page(session, after=None, limit=None)]
        if as_json:
            print_json(told)
            return
        rows = [(each["number"], each["kind"], each["issued_on"], each["classification"]) for each in told]
        print_table(f"已登记 {len(rows)} 份文件", ("文号", "种类", "日期", "密级"), rows)


@app.command("show")
def show_command(number: Number, as_json: AsJson = False) -> None:
    """一份文件。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        found = instrument_by_number(session, number)
        if found is None:
            raise NotFound(f"没有文号为“{number}”的文件", way_out="请用 instruments list 查看")
        told = _told(session, found)
        if as_json:
            print_json(told)
        else:
            print_table(
                f"{found.number}", ("项", "值"), [(key, value) for key, value in told.items() if value]
            )


def _told(session: Session, instrument: Instrument) -> dict[str, Any]:
    note_reading(session, instrument.classification, instrument.number, instrument.id)
    return InstrumentOut.model_validate(instrument).model_dump(mode="json")


@app.command("classify")
def classify_command(
    number: Number,
    classification: Annotated[Classification, typer.Option("--as", help="定为何密级：公开、内部、涉密")],
    reason: Annotated[str, typer.Option("--reason", help="理由；降低密级（解密）时必写")] = "",
    basis: Annotated[str, typer.Option("--basis", help="定密、解密所依据的文件")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="演练：办理后撤销")] = False,
    as_json: AsJson = False,
) -> None:
    """定密、变更密级、解密：依此文件登记的事项随之同级，有关图幅待重绘。"""
    with refusals(as_json=as_json):
        wanted = ReclassificationIn(number=number, classification=classification, reason=reason, basis=basis)
        with writing(Act.classify_records, dry_run=dry_run) as tx:
            done = classify(tx, wanted)
        if as_json:
            print_json(done.model_dump(mode="json"))
        else:
            undone = "；演练，已撤销" if dry_run else ""
            out.print(
                f"{done.number}：{done.before} → {done.classification}，及于 {done.units} 个单位{undone}"
            )
