// Compiled for the processor that the measured code is compiled for: nothing here is executed.

#include "machine/processor_features.hpp"

// The text of a macro that is defined as 1 is "1", and that of any other name is the name.
#define RINGMPSC_TEXT_OF(name) #name
#define RINGMPSC_IS_USED(macro, name) RINGMPSC_TEXT_OF(macro)[0] == '1',

namespace bench::machine {

constinit const bool kProcessorFeaturesUsed[] = {
    RINGMPSC_PROCESSOR_FEATURES(RINGMPSC_IS_USED) false};

}  // namespace bench::machine
