"""The console command `jianwei`: a thin skin over the pipelines, which are imported only when called."""

import logging
import signal
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.accounts import accounts_app
from pipelines.correct import correct_app
from pipelines.keep import KEEPING
from pipelines.options import Folder, Warehouse, load
from pipelines.quarantine import quarantine_app
from signals import __version__
from signals.errors import JianweiError

app = typer.Typer(
    help="见微：从信访、热线和网格诉求中尽早发现正在形成的共性问题。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
retrain_app = typer.Typer(help="训练主题模型、编码器，校准矛盾风险。", no_args_is_help=True)
models_app = typer.Typer(help="查看、启用、回退模型版本。", no_args_is_help=True)
app.add_typer(retrain_app, name="retrain")
app.add_typer(models_app, name="models")
app.add_typer(correct_app, name="correct")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(accounts_app, name="accounts")

for command in KEEPING:
    app.command()(command)

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期，如 2025-03-31。")]


def main() -> None:
    """Run the command line: exit 0 done, 1 a refusal in one line, 2 wrong usage."""
    logging.basicConfig(level=logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was begun is cleared away
    try:
        app()
    except JianweiError as error:
        print(str(error), file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        where = error.filename or "jianwei"
        print(f"{where}: 读写失败（{error.strerror or error}）。请检查路径、权限和磁盘空间。", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("已中断；已完成的日子和文件都保留。", file=sys.stderr)
        sys.exit(1)


def _date(at: datetime | None) -> date | None:
    return at.date() if at else None


def _version(value: bool) -> None:
    if value:
        print(f"jianwei {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")] = False,
) -> None:
    """见微：从信访、热线和网格诉求中尽早发现正在形成的共性问题。"""


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹：xlsx、xls、csv、jsonl、parquet。")],
    source: Annotated[str | None, typer.Option(help="petition | hotline | grid，表头认不出时用。")] = None,
    history: Annotated[bool, typer.Option(help="历史数据：按收到时间认定何时知晓（演示、回放、首次导入）。")] = False,
    check: Annotated[bool, typer.Option(help="只检查并预览：列怎么读、脱敏后的前十行、会拒收什么；不写入。")] = False,
    column: Annotated[
        list[str] | None, typer.Option(help="某一列怎么读，如 --column 事情经过=body；可给多次，记下后以后不用再给。")
    ] = None,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """导入导出文件：先脱敏再入库，坏行进隔离区，同一文件导入两次不会改变任何东西。"""
    from pipelines.ingest import ingest_command

    settings = load(warehouse, folder)
    sys.exit(ingest_command(paths, settings, source=source, history=history, check=check, columns=column or ()))


@app.command()
def run(
    date_: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="只运行这一天。")] = None,
    through: Day = None,
    verify: Annotated[
        datetime | None, typer.Option("--verify", formats=["%Y-%m-%d"], help="重算到这一天并比较，不写入。")
    ] = None,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """运行一天，或运行到某一天（默认到昨天）为止的所有未运行日；已运行的不动。"""
    from pipelines.run import run_command, verify_command

    if verify and (date_ or through):
        raise typer.BadParameter("--verify 不能与 --date、--through 同用。")
    if verify:
        sys.exit(verify_command(load(warehouse, folder), verify.date()))
    if date_ and through:
        raise typer.BadParameter("--date 与 --through 只能给一个。")
    sys.exit(run_command(load(warehouse, folder), day=_date(date_), through=_date(through)))


@app.command()
def digest(
    date_: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="默认最近运行日。")] = None,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """生成某日的日报（HTML、Markdown、图）。"""
    from pipelines.digest import digest_command

    sys.exit(digest_command(load(warehouse, folder), _date(date_)))


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口。")] = 8501,
    address: Annotated[str, typer.Option(help="监听地址；演示账号只在本机地址可用。")] = "127.0.0.1",
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """打开看板。"""
    from pipelines.serve import serve_command

    sys.exit(serve_command(load(warehouse, folder), port=port, address=address))


@app.command()
def replay(
    files: Annotated[list[Path], typer.Argument(help="与 ingest 相同格式的文件。")],
    out: Annotated[Path, typer.Option("--out", help="结果文件夹。")],
    from_: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从这一天起写出预警。")] = None,
    to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="回放到这一天。")] = None,
    false_alerts_per_day: Annotated[float | None, typer.Option(help="每天允许的偶然预警数。")] = None,
    alerts_per_week: Annotated[
        float | None, typer.Option(help="用几次回放找出平均每周不超过这么多条预警的预算。", min=0.1)
    ] = None,
    shuffle: Annotated[
        str | None, typer.Option(help="先打乱日期再回放，测定实测÷预算：year 全年打乱，60d 前后 60 天内打乱。")
    ] = None,
    seed: Annotated[int, typer.Option(help="打乱日期的随机种子。")] = 1,
    record: Annotated[Path | None, typer.Option(help="把测得的实测÷预算记入这个数据仓库。")] = None,
) -> None:
    """把过去的文件逐日回放一遍，如同每天都是今天，写出预警与归并结果。"""
    from pipelines.replay import aim_command, replay_command
    from signals.shuffling import shuffle_named

    settings = load(None, None, **{"detector.false_alerts_per_day": false_alerts_per_day})
    if alerts_per_week:
        if shuffle or record or false_alerts_per_day:
            raise typer.BadParameter("--alerts-per-week 不能与 --shuffle、--record、--false-alerts-per-day 同用。")
        sys.exit(
            aim_command(files, out, settings, alerts_per_week=alerts_per_week, first=_date(from_), last=_date(to))
        )
    drawn = shuffle_named(shuffle, seed=seed) if shuffle else None
    sys.exit(
        replay_command(files, out, settings, first=_date(from_), last=_date(to), shuffle=drawn, record=record)
    )


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="replay 的结果文件夹。")],
    events: Annotated[Path, typer.Option("--events", help="标注事件的 JSON。")],
    from_: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="计分窗口起。")] = None,
    to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="计分窗口止。")] = None,
    json_: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """用标注事件给一次回放打分。"""
    from pipelines.evaluate import evaluate_command

    sys.exit(evaluate_command(folder, events, first=_date(from_), last=_date(to), as_json=json_))


@app.command()
def simulate(
    out: Annotated[Path, typer.Option("--out", help="输出文件夹。")],
    seed: Annotated[int, typer.Option(help="随机种子。")] = 7,
    days: Annotated[int, typer.Option(help="天数。")] = 90,
    first: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="第一天。")] = datetime(2025, 1, 1),  # noqa: DTZ001
    reports_per_day: Annotated[float, typer.Option(help="平均每天诉求数。")] = 44.0,
    extra_incidents: Annotated[int, typer.Option(help="在成文的 15 起事件之外另埋设的事件数。")] = 0,
    wording: Annotated[str, typer.Option(help="tuning 调参、testing 检验、all 全部、first 随附样例的词句。")] = "first",
    hardness: Annotated[bool, typer.Option("--hardness", help="写完后回放一遍，量出这座城市有多难。")] = False,
) -> None:
    """写出一座已知真相的模拟城市。"""
    from pipelines.simulate import City, simulate_command

    city = City(seed, days, first.date(), reports_per_day, extra_incidents, wording)
    sys.exit(simulate_command(city, out, hardness=hardness))


@app.command()
def redact(
    stored: Annotated[bool, typer.Option("--stored", help="升级后：把已入库的文本按现在的规则再脱敏一遍。")] = False,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """逐行脱敏：标准输入到标准输出，不保存任何内容；--stored 则补脱敏已入库的文本。"""
    from pipelines.redact import redact_command, redact_stored_command

    sys.exit(redact_stored_command(load(warehouse, folder)) if stored else redact_command())


@retrain_app.command("themes")
def retrain_themes(
    through: Day = None,
    candidate: Annotated[bool, typer.Option(help="只作候选，不启用。")] = False,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """训练主题（没有编码器时先训练编码器）；只用 --through 当天结束前已知的诉求。"""
    from pipelines.retrain import retrain_themes as command

    sys.exit(command(load(warehouse, folder), _date(through), candidate=candidate))


@retrain_app.command("encoder")
def retrain_encoder(through: Day = None, warehouse: Warehouse = None, folder: Folder = None) -> None:
    """在本地语料上训练编码器。"""
    from pipelines.retrain import retrain_encoder as command

    sys.exit(command(load(warehouse, folder), _date(through)))


@retrain_app.command("risk")
def retrain_risk(
    through: Day = None,
    candidate: Annotated[bool, typer.Option(help="只作候选，不启用。")] = False,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """校准矛盾风险：按以往议题 30 天内的结果，把分值换成可能性；只用 --through 当天结束前已知的结果。"""
    from pipelines.retrain_risk import retrain_risk as command

    sys.exit(command(load(warehouse, folder), _date(through), candidate=candidate))


@models_app.command("list")
def models_list(warehouse: Warehouse = None, folder: Folder = None) -> None:
    """列出所有模型版本。"""
    from pipelines.models import list_models

    sys.exit(list_models(load(warehouse, folder)))


@models_app.command("promote")
def models_promote(kind: str, version: str, warehouse: Warehouse = None, folder: Folder = None) -> None:
    """启用一个版本。"""
    from pipelines.models import promote_model

    sys.exit(promote_model(load(warehouse, folder), kind, version))


@models_app.command("rollback")
def models_rollback(
    kind: str,
    version: Annotated[str | None, typer.Argument(help="默认现用的最新版本。")] = None,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """停用一个版本，退回前一个。"""
    from pipelines.models import roll_back_model

    sys.exit(roll_back_model(load(warehouse, folder), kind, version))


if __name__ == "__main__":
    main()
