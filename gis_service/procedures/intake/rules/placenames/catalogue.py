"""The rules that lists of place names are judged by when they come in."""

from __future__ import annotations

from gis_service.foundation.findings import Rule

_BASIS = "第二次全国地名普查登记项目；本服务约定"
R_PLN_01 = Rule("R-PLN-01", "地名来件的列可以识别，各行可以读出", _BASIS, status="D")
R_PLN_02 = Rule("R-PLN-02", "每条有标准名称，名称前后没有空白", "地名管理条例第九条；本服务约定", status="D")
R_PLN_03 = Rule("R-PLN-03", "位置可以读出，坐标系已知，落在我国范围内", _BASIS, status="D")
R_PLN_04 = Rule("R-PLN-04", "所在行政区当日在登记簿中，位置在其范围内", _BASIS, status="D")
R_PLN_05 = Rule("R-PLN-05", "同一来件中同一地名只列一次", _BASIS, status="D")
R_PLN_06 = Rule(
    "R-PLN-06", "与登记不同的名称须说明是更名还是更正", "地名管理条例第十条、第十二条", status="D"
)
R_PLN_07 = Rule("R-PLN-07", "改动所依据的修订号是登记簿现有的", _BASIS, status="D")
R_PLN_08 = Rule(
    "R-PLN-08", "罗马字母拼写随来件登记，来件没有的由程序计算并注明", "汉语拼音方案拼写规则", status="D"
)
R_PLN_09 = Rule("R-PLN-09", "用语、日期、数值在规定的取值之内", _BASIS, status="D")
R_PLN_10 = Rule("R-PLN-10", "来件所指的地名在登记簿中只有一条", _BASIS, status="D")

RULES = (
    *(R_PLN_01, R_PLN_02, R_PLN_03, R_PLN_04, R_PLN_05),
    *(R_PLN_06, R_PLN_07, R_PLN_08, R_PLN_09, R_PLN_10),
)
