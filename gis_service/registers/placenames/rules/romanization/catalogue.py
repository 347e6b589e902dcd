"""R-PY-01 to -09: how a place name is spelled in Latin letters."""

from __future__ import annotations

from gis_service.foundation.findings import Rule

_SPELLING = "中国地名汉语拼音字母拼写规则（汉语地名部分）"

R_PY_01 = Rule("R-PY-01", "专名与通名分写，各段首字母大写，声调可标可不标", f"{_SPELLING} 第1、9、10条")
R_PY_02 = Rule("R-PY-02", "词内以 a、o、e 开头的音节前加隔音符号，不标声调时也加", f"{_SPELLING} 第11条")
R_PY_03 = Rule("R-PY-03", "单音节修饰成分连写，多音节的分写；已登记的分写方式优先", f"{_SPELLING} 第2条")
R_PY_04 = Rule("R-PY-04", "自然村镇名称连写，已专名化的通名连写，真正的通名分写", f"{_SPELLING} 第3、4条")
R_PY_05 = Rule("R-PY-05", "街巷名称中的序数、代码用阿拉伯数字，专名中的数词用拼音", f"{_SPELLING} 第6、7条")
R_PY_06 = Rule("R-PY-06", "读音特殊的地名依读音表拼写", f"{_SPELLING} 第8条", status="D", version="2026-1")
R_PY_07 = Rule(
    "R-PY-07", "读音表以外的多音字由人核定，读音随地名登记", f"{_SPELLING} 第8条", version="2026-1"
)
R_PY_08 = Rule("R-PY-08", "已登记的少数民族语地名拼写不得改写", "地名管理条例实施细则（1996）第十九条")
R_PY_09 = Rule(
    "R-PY-09",
    "拼写只用 a 至 z、ü、ê、声调符号、隔音符号、连接号和数字",
    "汉语拼音方案；少数民族语地名汉语拼音字母音译转写法",
)

RULES = (R_PY_01, R_PY_02, R_PY_03, R_PY_04, R_PY_05, R_PY_06, R_PY_07, R_PY_08, R_PY_09)
