import Core

/// Reads one of several values by their names and synonyms, exactly or with the slips a recogniser makes.
struct ChoiceReader {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack
  let context: ReadingContext

  func findings(_ choices: [SlotChoice]) -> [Finding] {
    guard let time = TimeReader(words: words, range: range, pack: pack, context: context).settled else {
      return named(choices)
    }
    let meant = choices.filter { choice in choice.names.contains { self.time(named: $0) == time.value } }
    if meant.count == 1 { return [asked(Finding(.text(meant[0].value), 950, time.range))] }
    // "Eight in the evening" is no "eight".
    return meant.isEmpty ? named(choices).filter { !$0.range.overlaps(time.range) } : named(choices)
  }

  /// A choice by its hour, with little trust where that bounds what is meant: "before ten", "ten or eleven".
  private func asked(_ finding: Finding) -> Finding {
    let open = OpenValue(words: words, range: range, pack: pack, grammar: .time) { range in
      TimeReader(words: words, range: range, pack: pack, context: context).findings()
    }
    guard open.isLeft(by: finding) else { return finding }
    return Finding(finding.value, OpenValue.permille, finding.range)
  }

  /// The time of day that a choice is called by: "nine o'clock", "at nine".
  private func time(named name: [String]) -> SlotValue? {
    let words = Word.split(name.joined(separator: " "))
    let found = TimeReader(words: words, range: 0..<words.count, pack: pack, context: context).findings()
    guard found.count == 1, found[0].range.upperBound == words.count,
      words[..<found[0].range.lowerBound].allSatisfy({ pack.calendar.atWords.contains($0.text) })
    else { return nil }
    return found[0].value
  }

  private func named(_ choices: [SlotChoice]) -> [Finding] {
    let texts = words.texts
    var found: [Finding] = []
    for choice in choices {
      var best: Finding?
      for name in choice.names where !name.isEmpty {
        for start in range where start + name.count <= range.upperBound {
          let heard = Array(texts[start..<start + name.count])
          guard let permille = Self.likeness(heard, name) else { continue }
          let place = Finding(.text(choice.value), permille, start..<start + name.count)
          let finding = time(named: name) == nil ? place : asked(place)
          if (best.map { (finding.permille, finding.range.count) > ($0.permille, $0.range.count) }) ?? true {
            best = finding
          }
        }
      }
      if let best { found.append(best) }
    }
    if found.isEmpty { found = byOrdinal(choices, texts) }
    // "express" inside "express saver": the longer name wins where they overlap
    found = found.filter { finding in
      !found.contains { other in
        other.value != finding.value && other.range.overlaps(finding.range)
          && (other.permille >= 900) == (finding.permille >= 900) && other.range.count > finding.range.count
      }
    }
    if found.contains(where: { $0.permille >= 900 }) { found.removeAll { $0.permille < 900 } }
    if found.count > 1 {
      for index in found.indices { found[index].permille = min(440, found[index].permille) }
    }
    return found
  }

  private func byOrdinal(_ choices: [SlotChoice], _ texts: [String]) -> [Finding] {
    let scanner = NumberScanner(words: words, range: range, pack: pack)
    guard choices.count > 1,
      let hit = pack.talk.choiceOrdinals.matches(in: Array(texts[range])).first(where: {
        !scanner.isSpanOfTalk(at: range.lowerBound + $0.range.lowerBound)
      })
    else { return [] }
    let place = hit.meaning == -1 ? choices.count : hit.meaning
    guard place >= 1, place <= choices.count else { return [] }
    let start = range.lowerBound + hit.range.lowerBound
    return [Finding(.text(choices[place - 1].value), 720, start..<start + hit.range.count)]
  }

  static func phrase(_ name: String) -> [String] {
    Word.split(name.map { $0 == "_" ? " " : String($0) }.joined()).texts
  }

  private static func likeness(_ heard: [String], _ name: [String]) -> Int? {
    if heard == name { return 950 }
    var slips = 0
    for (left, right) in zip(heard, name) where left != right {
      if left + "s" == right || right + "s" == left || left + "es" == right || right + "es" == left { continue }
      let allowed = right.count >= 9 ? 2 : right.count >= 5 ? 1 : 0
      guard allowed > 0, left.first == right.first || right.count >= 7,
        let distance = EditDistance.within(allowed, left, right)
      else { return nil }
      slips += distance
    }
    return slips == 0 ? 930 : max(500, 760 - 60 * slips)
  }
}

extension SlotChoice {
  /// What it is called by, word for word.
  fileprivate var names: [[String]] { ([value] + synonyms).map(ChoiceReader.phrase) }
}
