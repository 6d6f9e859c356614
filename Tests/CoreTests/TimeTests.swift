import Core
import Testing

@Suite struct `Civil time` {
  @Test(arguments: [
    ("1970-01-01", 0, Weekday.thursday), ("2000-02-29", 11_016, .tuesday), ("2026-11-21", 20_778, .saturday),
    ("1969-12-31", -1, .wednesday), ("2400-02-29", 157_113, .tuesday),
  ])
  func `agrees with the calendar`(text: String, days: Int, weekday: Weekday) throws {
    let date = try #require(CivilDate(iso8601: text))
    #expect(date.daysSinceEpoch == days)
    #expect(date.weekday == weekday)
    #expect(CivilDate(daysSinceEpoch: days) == date)
    #expect(date.description == text)
  }

  @Test func `every day has one number and back`() {
    for days in stride(from: -200_000, to: 200_000, by: 37) {
      let date = CivilDate(daysSinceEpoch: days)
      #expect(date.daysSinceEpoch == days)
      #expect(date.adding(days: 1) > date)
    }
  }

  @Test(arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-04-30", "2026-4-30", "x", ""])
  func `refuses days there are none of`(text: String) { #expect(CivilDate(iso8601: text) == nil) }

  @Test func `has no year beyond four digits, and arithmetic stops at the first and last day`() throws {
    for year in [-1, 10_000, .max, .min, .max / 12] { #expect(CivilDate(year: year, month: 1, day: 1) == nil) }
    let day = try #require(CivilDate(iso8601: "2026-11-21"))
    #expect(day.adding(days: .max).description == "9999-12-31")
    #expect(day.adding(days: .min).description == "0000-01-01")
    #expect(CivilDate(daysSinceEpoch: .max).daysSinceEpoch == 2_932_896)
    #expect(CivilDate(daysSinceEpoch: .min).daysSinceEpoch == -719_528)
    let clock = WallClock(epochMilliseconds: .max, utcOffsetSeconds: .max)
    #expect((0..<1440).contains(clock.minuteOfDay(at: CallInstant(microseconds: .max))))
  }

  @Test func `follows the wall clock over midnight and offsets`() {
    let clock = WallClock(epochMilliseconds: 1_700_000_000_000, utcOffsetSeconds: -5 * 3600)
    #expect(clock.date(at: .zero).description == "2023-11-14")
    #expect(clock.minuteOfDay(at: .zero) == 17 * 60 + 13)
    #expect(clock.date(at: .zero + .seconds(7 * 3600)).description == "2023-11-15")
    let early = WallClock(epochMilliseconds: -1000, utcOffsetSeconds: 0)
    #expect(early.date(at: .zero).description == "1969-12-31")
    #expect(early.minuteOfDay(at: .zero) == 1439)
  }
}
