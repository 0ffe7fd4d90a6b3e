#!/usr/bin/env bash
# The demo: sample city in, every day run, digest out, board open. It only calls commands.
set -euo pipefail
jianwei=$1 folder=$2 board=${3:-1}
export JIANWEI_DEMO=true JIANWEI_FOLDER="$folder"
started=$SECONDS
rm -rf "$folder"
"$jianwei" ingest --history data/samples
"$jianwei" run --through 2025-03-01
"$jianwei" retrain themes --through 2025-03-01
"$jianwei" run --through 2025-03-31
"$jianwei" digest --date 2025-03-31
echo "演示数据已就绪，用时 $((SECONDS - started)) 秒；工作文件在 $folder。"
if [ "$board" != 0 ]; then
  echo "看板：http://127.0.0.1:8501（按 Ctrl+C 结束）"
  exec "$jianwei" serve
fi
