import Core
import Language
import Testing

/// Days with a short year, in figures without signs, a week ahead, and days that cannot be. Wednesday, 11 March 2026.
@Suite struct `A day` {
  func seen(_ text: String, _ tense: ReadingContext.Tense) -> String {
    guard let best = best(text, .date, tense), best.confidence.permille >= 500 else { return "-" }
    return best.value.revealedText ?? "?"
  }

  @Test(arguments: [
    ("november 21 54", "1954-11-21"), ("November 21, 54", "1954-11-21"),
    ("november twenty first fifty four", "1954-11-21"),
    ("21 november 54", "1954-11-21"), ("the 21st of november '54", "1954-11-21"),
    ("november twenty one fifty four", "1954-11-21"),
    ("may fifth oh five", "2005-05-05"), ("11/21/54", "1954-11-21"), ("11-21-54", "1954-11-21"),
    ("3/11/26", "2026-03-11"),
    ("3/12/26", "1926-03-12"), ("may 5 1980", "1980-05-05"), ("19541121", "1954-11-21"), ("11211954", "1954-11-21"),
    ("I was born on november 21 54", "1954-11-21"), ("november 21", "-"), ("11/21", "-"),
  ])
  func `of birth`(text: String, day: String) { #expect(seen(text, .birth) == day) }

  @Test(arguments: [
    ("november 21 24", "2024-11-21"), ("november 21", "2025-11-21"), ("3/14/25", "2025-03-14"),
    ("last friday", "2026-03-06"),
  ])
  func `behind`(text: String, day: String) { #expect(seen(text, .past) == day) }

  @Test(arguments: [
    ("november 21 26", "2026-11-21"), ("november 21 27", "2027-11-21"), ("november 21 54", "-"),
    ("3/14/26", "2026-03-14"),
    ("3/14/54", "-"), ("november 21 10 am", "2026-11-21"), ("november 21 at 10", "2026-11-21"),
    ("20261209", "2026-12-09"),
    ("12092026", "2026-12-09"), ("december ninth", "2026-12-09"),
  ])
  func `ahead`(text: String, day: String) { #expect(seen(text, .future) == day) }

  @Test(arguments: [
    ("friday week", "2026-03-20"), ("on Friday week, please", "2026-03-20"), ("monday week", "2026-03-23"),
    ("this friday week", "2026-03-20"), ("tomorrow week", "2026-03-19"), ("friday fortnight", "2026-03-27"),
    ("a week friday", "2026-03-20"), ("two weeks monday", "2026-03-30"), ("a week from friday", "2026-03-20"),
    ("friday", "2026-03-13"), ("friday of next week", "2026-03-20"),
    ("friday the week after", "-"), ("friday the following week", "-"),
  ])
  func `a week ahead`(text: String, day: String) { #expect(seen(text, .future) == day) }

  @Test(arguments: [
    "thirteenth month first", "the thirteenth month", "the first of the thirteenth", "2026-13-01", "2026-02-30",
    "20261309",
    "13.14.2026", "20260230", "the first day of march", "13/14/26",
  ])
  func `that cannot be is none`(text: String) { #expect(seen(text, .future) == "-") }
}
