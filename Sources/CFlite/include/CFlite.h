// Flite, from Debian: pronunciation of English text, and its smallest voice. No function here may run at the same time
// as another one: flite shares state without locks.
#ifndef REPARTEE_C_FLITE_H
#define REPARTEE_C_FLITE_H

#include <stddef.h>
#include <stdint.h>

typedef struct flite_english flite_english;

// Loads the lexicon, the letter-to-sound rules and the voice "kal" (all linked in); NULL when memory runs out.
// One for the process: it is never freed.
flite_english *_Nullable flite_english_open(void);

// How the text is read, one line for each spoken word, to be freed with flite_text_free; NULL when it cannot be read.
// A line has fields parted by tabs: the word; the punctuation before its token; the punctuation after its token, empty
// unless it is the token's last word; the syllables parted by '/', each a stress (0 or 1) and its phones parted by spaces.
char *_Nullable flite_english_read(flite_english *_Nonnull english, const char *_Nonnull text);
void flite_text_free(char *_Nullable text);

// The text spoken by "kal", to be freed with flite_samples_free; NULL when it cannot be spoken. stretch 1 is the voice's
// own speed, 2 half of it.
int16_t *_Nullable flite_english_speak(
    flite_english *_Nonnull english, const char *_Nonnull text, float stretch, size_t *_Nonnull count,
    int *_Nonnull sample_rate);
void flite_samples_free(int16_t *_Nullable samples);

#endif
