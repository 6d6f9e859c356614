#include "CFlite.h"

#include <flite/flite.h>
#include <stdlib.h>
#include <string.h>

void usenglish_init(cst_voice *voice);
cst_lexicon *cmu_lex_init(void);
cst_voice *register_cmu_us_kal(const char *folder);

struct flite_english {
  cst_voice *reader;
  cst_voice *kal;
};

// The stages of flite that make pronunciation; durations, pitch and waveform are left out.
static const cst_synth_module reading[] = {
    {"tokenizer_func", default_tokenization},
    {"textanalysis_func", default_textanalysis},
    {"pos_tagger_func", default_pos_tagger},
    {"phrasing_func", default_phrasing},
    {"lexical_insertion_func", default_lexical_insertion},
    {"pause_insertion_func", default_pause_insertion},
    {"postlex_func", NULL},
    {NULL, NULL},
};

flite_english *flite_english_open(void) {
  flite_english *english = calloc(1, sizeof *english);
  if (!english) return NULL;
  flite_init();
  english->kal = register_cmu_us_kal(NULL);
  english->reader = new_voice();
  if (!english->kal || !english->reader) {
    free(english);
    return NULL;
  }
  usenglish_init(english->reader);
  cst_lexicon *lexicon = cmu_lex_init();
  feat_set(english->reader->features, "lexicon", lexicon_val(lexicon));
  // The lexicon's own rules: possessive s, "the" before a vowel.
  feat_set(english->reader->features, "postlex_func", uttfunc_val(lexicon->postlex));
  return english;
}

typedef struct {
  char *text;
  size_t length;
  size_t capacity;
} buffer;

static int append(buffer *out, const char *text) {
  size_t added = strlen(text);
  if (out->length + added + 1 > out->capacity) {
    size_t capacity = 2 * (out->length + added + 1);
    char *larger = realloc(out->text, capacity);
    if (!larger) return 0;
    out->text = larger;
    out->capacity = capacity;
  }
  memcpy(out->text + out->length, text, added + 1);
  out->length += added;
  return 1;
}

static const char *feature(const cst_item *item, const char *name) {
  return item && item_feat_present(item, name) ? item_feat_string(item, name) : "";
}

static int append_word(buffer *out, const cst_item *word) {
  const cst_item *in_token = item_as(word, "Token");
  const cst_item *token = in_token ? item_parent(in_token) : NULL;
  int is_last = !in_token || !item_next(in_token);
  int fine = append(out, feature(word, "name")) && append(out, "\t");
  fine = fine && append(out, feature(token, "prepunctuation")) && append(out, "\t");
  fine = fine && append(out, is_last ? feature(token, "punc") : "") && append(out, "\t");
  const cst_item *in_syllables = item_as(word, "SylStructure");
  for (const cst_item *syllable = in_syllables ? item_daughter(in_syllables) : NULL; syllable && fine;
       syllable = item_next(syllable)) {
    fine = append(out, strcmp(feature(syllable, "stress"), "1") == 0 ? "1" : "0");
    for (const cst_item *phone = item_daughter(syllable); phone && fine; phone = item_next(phone))
      fine = append(out, " ") && append(out, feature(phone, "name"));
    if (item_next(syllable)) fine = fine && append(out, "/");
  }
  return fine && append(out, "\n");
}

char *flite_english_read(flite_english *english, const char *text) {
  cst_utterance *utterance = new_utterance();
  if (!utterance) return NULL;
  utt_set_input_text(utterance, text);
  utt_init(utterance, english->reader);
  buffer out = {0};
  int fine = apply_synth_method(utterance, reading) != NULL && append(&out, "");
  cst_relation *words = fine ? utt_relation(utterance, "Word") : NULL;
  for (const cst_item *word = words ? relation_head(words) : NULL; word && fine; word = item_next(word))
    fine = append_word(&out, word);
  delete_utterance(utterance);
  if (fine) return out.text;
  free(out.text);
  return NULL;
}

void flite_text_free(char *text) { free(text); }

int16_t *flite_english_speak(
    flite_english *english, const char *text, float stretch, size_t *count, int *sample_rate) {
  *count = 0;
  *sample_rate = 0;
  feat_set_float(english->kal->features, "duration_stretch", stretch);
  cst_wave *wave = flite_text_to_wave(text, english->kal);
  if (!wave) return NULL;
  size_t bytes = (size_t)wave->num_samples * sizeof(int16_t);
  int16_t *samples = malloc(bytes ? bytes : sizeof(int16_t));
  if (samples) {
    memcpy(samples, wave->samples, bytes);
    *count = (size_t)wave->num_samples;
    *sample_rate = wave->sample_rate;
  }
  delete_wave(wave);
  return samples;
}

void flite_samples_free(int16_t *samples) { free(samples); }
