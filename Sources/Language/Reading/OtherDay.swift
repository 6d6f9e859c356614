package import Core

/// Days that are told from a day that is talked about.
package enum OtherDay {
  /// Whether words say nothing but such a day: "the day after". Which one that is, only the speaker knows.
  package static func isAll(of text: String, locale: LocaleTag) -> Bool {
    let pack = LanguagePack.pack(for: locale)
    let texts = Word.split(text).texts
    var index = 0
    var isSaid = false
    while index < texts.count {
      if let day = pack.calendar.otherDays.match(texts, at: index, before: texts.count) {
        isSaid = true
        index += day.count
      } else if let around = [pack.talk.fillers, pack.talk.replacements, pack.talk.carriers].compactMap({
        $0.match(texts, at: index, before: texts.count)?.count
      }).max() {
        index += around
      } else if texts[index] == pack.speech.no {
        index += 1
      } else {
        return false
      }
    }
    return isSaid
  }
}
