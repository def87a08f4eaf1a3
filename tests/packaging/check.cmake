# Usage: cmake -DBUILD_DIR=... -DSOURCE_DIR=... -DGENERATOR=... -DCOMPILER=... -P check.cmake
# Installs a build. Then builds and runs a program that uses the core in both possible ways:
# find_package with the installation, and add_subdirectory with the checkout.

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
