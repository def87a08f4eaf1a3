# Writes the C++ file that holds what every HTML report has: the style sheet, the script that draws the
# charts, and Chart.js if CHART_JS names it. Beside each stands its SHA-256 in base64, by which the report's
# Content-Security-Policy allows this text and no other.
#   cmake -DASSETS=DIRECTORY -DCHART_JS=FILE -DOUTPUT=FILE -P assets.cmake

# base64_of(HEX OUT): the bytes that the hexadecimal digits stand for, in base64.
function(base64_of hex out)
  set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  string(LENGTH "${hex}" digits)
  set(text "")
  foreach(begin RANGE 0 ${digits} 6)
    math(EXPR left "${digits} - ${begin}")
    if(left LESS_EQUAL 0)
      break()
    endif()
    string(SUBSTRING "${hex}" ${begin} 6 group)
    string(SUBSTRING "${group}000000" 0 6 padded)
    math(EXPR bits "0x${padded}")
    foreach(shift 18 12 6 0)
      math(EXPR index "(${bits} >> ${shift}) & 63")
      string(SUBSTRING ${alphabet} ${index} 1 letter)
      string(APPEND text ${letter})
    endforeach()
    if(left LESS 6)
      math(EXPR bytes "${left} / 2")
      math(EXPR kept "${bytes} + 1")
      string(LENGTH "${text}" length)
      math(EXPR length "${length} - 4 + ${kept}")
      string(SUBSTRING "${text}" 0 ${length} text)
      math(EXPR missing "3 - ${bytes}")
      string(REPEAT "=" ${missing} padding)
      string(APPEND text "${padding}")
    endif()
  endforeach()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# add_asset(NAME FILE): appends the definition of kNAME to `definitions`.
function(add_asset name file)
  set(bytes "")
  set(hash "")
  if(file)
    file(READ ${file} hex HEX)
    file(SHA256 ${file} digest)
    base64_of(${digest} hash)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  endif()
  set(definitions "${definitions}
namespace {
constexpr unsigned char k${name}Bytes[] = {${bytes}0};
}
const Asset k${name} = {
    {reinterpret_cast<const char*>(k${name}Bytes), sizeof k${name}Bytes - 1},
    \"${hash}\"};
" PARENT_SCOPE)
endfunction()

set(definitions "// Written by assets.cmake.
#include \"report/assets.hpp\"

namespace bench::report {
")
add_asset(StyleSheet ${ASSETS}/report.css)
add_asset(Script ${ASSETS}/report.js)
add_asset(ChartLibrary "${CHART_JS}")
file(WRITE ${OUTPUT} "${definitions}
}  // namespace bench::report
")
