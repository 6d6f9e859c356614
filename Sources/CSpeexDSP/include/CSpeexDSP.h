// The resampler of libspeexdsp, unchanged; the Audio room wraps it.
#ifndef REPARTEE_CSPEEXDSP_H
#define REPARTEE_CSPEEXDSP_H

#include <speex/speex_resampler.h>

#endif
