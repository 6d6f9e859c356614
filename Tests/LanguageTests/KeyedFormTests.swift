import Core
import Language
import Testing

@Suite struct `What is typed` {
  private static let today = CivilDate(iso8601: "2026-11-21")

  private func value(
    _ keys: String, _ grammar: SlotGrammar, _ locale: LocaleTag = .americanEnglish, by digits: DigitGrammar? = nil
  ) throws -> String? {
    let digits = try #require(digits ?? KeyedForm.grammar(for: grammar))
    let parts = keys.enumerated().map {
      Sensitive(token: SensitiveToken(label: .speech, id: "k\($0.offset)"), value: String($0.element))
    }
    let form = try #require(KeyedForm(grammar, locale: locale))
    var facts = FactBook()
    let entry = Sensitive.joining(parts, label: .speech)
    let found = form.value(of: entry, by: digits, today: try #require(Self.today), facts: &facts)
    // What is remembered of an erased entry gives the same value.
    var recalled = FactBook()
    recalled.recall(facts.takeNoted())
    let erased = form.value(
      of: entry.revealing(nil), by: digits, today: try #require(Self.today), facts: &recalled)
    #expect(erased?.token == found?.token)
    return found?.revealed
  }

  @Test(arguments: [
    ("1225", "2026-12-25"), ("1121", "2026-11-21"), ("1120", "2027-11-20"), ("0229", "2028-02-29"),
    ("05031980", "1980-05-03"), ("02291900", nil), ("1325", nil), ("0230", nil), ("0000", nil), ("12*5", nil),
    ("12251", nil),
  ])
  func `for a day is month and day, with a year or without`(keys: String, wanted: String?) throws {
    #expect(try value(keys, .date) == wanted)
  }

  @Test func `in lengths of its author's own stands as it is`() throws {
    let digits = DigitGrammar(minimum: 6, maximum: 6)
    #expect(try value("251226", .date, by: digits) == "251226")
  }

  @Test(arguments: [("2512", "2026-12-25"), ("03051980", "1980-05-03"), ("1325", nil)])
  func `for a day begins with the day where people write it so`(keys: String, wanted: String?) throws {
    #expect(try value(keys, .date, "en-GB") == wanted)
  }

  @Test(arguments: [("0930", "09:30"), ("2359", "23:59"), ("2400", nil), ("1260", nil)])
  func `for a time is hour and minutes`(keys: String, wanted: String?) throws {
    #expect(try value(keys, .time) == wanted)
  }

  @Test(arguments: [("25", "25"), ("12*50", "12.50"), ("1*2*3", nil), ("*5", nil), ("5*", nil)])
  func `for an amount has star for its point`(keys: String, wanted: String?) throws {
    #expect(try value(keys, .money(currency: "USD")) == wanted)
    #expect(try value(keys, .number(minimum: nil, maximum: nil)) == wanted)
  }

  @Test func `stands behind the tokens of its keys`() throws {
    let parts = "1225".enumerated().map {
      Sensitive(token: SensitiveToken(label: .speech, id: "k\($0.offset)"), value: String($0.element))
    }
    var facts = FactBook()
    let day = KeyedForm.date(isMonthFirst: true).value(
      of: .joining(parts, label: .speech), by: try #require(KeyedForm.grammar(for: .date)),
      today: try #require(Self.today), facts: &facts)
    #expect(day?.token.id == "=2026+=-+k0+k1+=-+k2+k3")
    #expect(day?.token.parts.first == .literal("2026"))
  }

  @Test func `is nothing for words, names and addresses`() {
    for grammar in [SlotGrammar.freeText, .address, .name, .email] {
      #expect(KeyedForm.grammar(for: grammar) == nil && KeyedForm(grammar, locale: .americanEnglish) == nil)
    }
  }

  @Test func `is one key for up to nine choices, and two for more`() {
    func keys(_ count: Int) -> [String] {
      let choices = (0..<count).map { SlotChoice(value: "c\($0)", synonyms: []) }
      return KeyedForm.grammar(for: .choice(choices))?.menu.keys.sorted() ?? []
    }
    #expect(keys(3) == ["1", "2", "3"])
    #expect(keys(9).allSatisfy { $0.count == 1 })
    #expect(keys(10).first == "10" && keys(10).last == "19" && keys(10).count == 10)
    #expect(keys(91).isEmpty)
    #expect(KeyedForm.grammar(for: .yesNo)?.menu == ["1": .bool(true), "2": .bool(false)])
  }
}
