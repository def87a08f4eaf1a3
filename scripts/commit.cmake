# cmake -DSOURCE_DIR=... -DOUTPUT=... -P commit.cmake
# Writes the definition of bench::commit(), and leaves the file alone if it would not change.

# A tree that was unpacked into another project's checkout must not report that project's commit,
# and a checkout owned by somebody else (a container's bind mount) is still read.
set(git git -c safe.directory=* --no-optional-locks -C ${SOURCE_DIR})
set(commit unknown)
execute_process(COMMAND ${git} rev-parse --show-cdup
                RESULT_VARIABLE failed OUTPUT_VARIABLE up ERROR_QUIET)
string(STRIP "${up}" up)
if(failed STREQUAL "0" AND up STREQUAL "")
  execute_process(COMMAND ${git} describe --always --abbrev=12 --exclude=* --dirty
                  RESULT_VARIABLE failed OUTPUT_VARIABLE described ERROR_QUIET)
  if(failed STREQUAL "0")
    string(STRIP "${described}" commit)
  endif()
endif()

set(content "#include \"build_info.hpp\"

std::string_view bench::commit() noexcept { return \"${commit}\"; }
")
set(written "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} written)
endif()
if(NOT written STREQUAL content)
  file(WRITE ${OUTPUT} "${content}")
endif()
