# Usage: cmake -DBUILD_DIR=... -DSOURCE_DIR=... -DGENERATOR=... -DCOMPILER=...
#        -DVERSION=... -P check.cmake
# Installs a build. Then builds and runs a program that uses the core in each possible way:
# find_package and pkg-config with the installation, and add_subdirectory with the checkout.

set(work ${BUILD_DIR}/packaging)
file(REMOVE_RECURSE ${work})

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${work}/installed)
run(${work}/installed/bin/ringmpsc-bench --version)
if(NOT IS_DIRECTORY ${work}/installed/share/ringmpsc-bench/configs)
  message(FATAL_ERROR "configs/ is not installed")
endif()

foreach(way IN ITEMS find_package add_subdirectory)
  run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE_DIR}/tests/packaging/${way} -B ${work}/${way}
      -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_PREFIX_PATH=${work}/installed
      -DRINGMPSC_SOURCE_DIR=${SOURCE_DIR})
  run(${CMAKE_COMMAND} --build ${work}/${way})
  run(${work}/${way}/consumer)
endforeach()

find_program(pkg_config pkg-config)
if(NOT pkg_config)
  message("pkg-config is not installed: the file that it would read is not checked")
  return()
endif()
# An installation can be moved.
file(RENAME ${work}/installed ${work}/moved)
set(ENV{PKG_CONFIG_PATH} ${work}/moved/share/pkgconfig)
execute_process(COMMAND ${pkg_config} --modversion ringmpsc OUTPUT_VARIABLE version
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
if(NOT version STREQUAL VERSION)
  message(FATAL_ERROR "pkg-config says version ${version}, and it is ${VERSION}")
endif()
execute_process(COMMAND ${pkg_config} --cflags --libs ringmpsc OUTPUT_VARIABLE flags
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${flags}")
run(${COMPILER} -std=c++23 ${SOURCE_DIR}/tests/packaging/main.cpp ${flags} -o ${work}/by_pkg_config)
run(${work}/by_pkg_config)
