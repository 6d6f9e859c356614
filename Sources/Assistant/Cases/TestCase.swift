public import Core

/// One dialogue with what must come of it, as an author wrote it.
public struct TestCase: Sendable, Equatable {
  /// Its name, unique in its file.
  public let name: String
  /// The file, relative to the assistant's folder.
  public let file: String
  /// Where it begins.
  public let source: SourceLocation
  /// What kind of line it is played on; nil: by the assistant and the steps.
  public let channel: Channel?
  /// Slots known when the conversation has begun, in the order applied; nil clears.
  public let fixtures: [SlotAssignment]
  /// The civil time it is played at; nil: that of the run.
  public let clock: TestClock?
  /// How actions go, by name; inner scopes have replaced outer ones.
  public let stubs: [ActionName: ActionStub]
  /// Steps in order.
  public let steps: [TestStep]

  /// A case from its parts.
  public init(
    name: String, file: String, source: SourceLocation, channel: Channel? = nil, fixtures: [SlotAssignment] = [],
    clock: TestClock? = nil, stubs: [ActionName: ActionStub] = [:], steps: [TestStep]
  ) {
    self.name = name
    self.file = file
    self.source = source
    self.channel = channel
    self.fixtures = fixtures
    self.clock = clock
    self.stubs = stubs
    self.steps = steps
  }

  /// `file::name`, by which runs choose it.
  public var id: String { file + "::" + name }

  /// Whether a step has assertions: then the classic steps (`bot`, `utter`, `slot_was_set`, `slot_was_not_set`) are ignored.
  public var usesAssertions: Bool { steps.contains { !$0.assertions.isEmpty } }

  /// Whether it needs a line with sound.
  public var needsVoice: Bool { steps.contains(where: \.needsVoice) }
}

/// The civil time at the start of a case.
public struct TestClock: Hashable, Sendable {
  /// The day.
  public let date: CivilDate
  /// Seconds since midnight, civil time.
  public let secondOfDay: Int
  /// Seconds by which civil time is ahead of UTC.
  public let utcOffsetSeconds: Int

  /// A time.
  public init(date: CivilDate, secondOfDay: Int = 0, utcOffsetSeconds: Int = 0) {
    self.date = date
    self.secondOfDay = secondOfDay
    self.utcOffsetSeconds = utcOffsetSeconds
  }

  /// Reads `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM`, with seconds, fractions, a space in place of the `T`, and `Z` or an offset.
  public init?(_ text: String) {
    guard let date = CivilDate(iso8601: String(text.prefix(10))) else { return nil }
    var rest = text.dropFirst(10)
    guard let separator = rest.popFirst() else {
      self.init(date: date)
      return
    }
    guard separator == "T" || separator == "t" || separator == " " else { return nil }
    let signs = rest.firstIndex { "Zz+-".contains($0) } ?? rest.endIndex
    guard let offset = Self.offset(rest[signs...]), let second = Self.second(rest[..<signs]) else { return nil }
    self.init(date: date, secondOfDay: second, utcOffsetSeconds: offset)
  }

  /// The wall clock that shows it.
  public var wallClock: WallClock {
    let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(secondOfDay - utcOffsetSeconds)
    return WallClock(epochMilliseconds: seconds * 1000, utcOffsetSeconds: utcOffsetSeconds)
  }

  private static func second(_ text: Substring) -> Int? {
    let parts = text.prefix { $0 != "." }.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard (2...3).contains(parts.count), let hour = parts[0], (0...23).contains(hour), let minute = parts[1],
      (0...59).contains(minute)
    else { return nil }
    guard parts.count == 3 else { return hour * 3600 + minute * 60 }
    guard let second = parts[2], (0...59).contains(second) else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  private static func offset(_ text: Substring) -> Int? {
    guard let sign = text.first else { return 0 }
    if sign == "Z" || sign == "z" { return text.count == 1 ? 0 : nil }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard digits.count == 4, let number = Int(digits), number / 100 <= 14, number % 100 < 60 else { return nil }
    return (sign == "-" ? -1 : 1) * (number / 100 * 3600 + number % 100 * 60)
  }
}

/// How an action goes in tests: its answers in order, the last one for all further calls.
public struct ActionStub: Hashable, Sendable {
  /// At least one.
  public let answers: [Answer]
  /// Where it is written.
  public let source: SourceLocation

  /// A stub.
  public init(answers: [Answer], source: SourceLocation) {
    self.answers = answers
    self.source = source
  }

  /// One answer.
  public struct Answer: Hashable, Sendable {
    /// How it went.
    public let outcome: Outcome
    /// Slots it sets; nil clears.
    public let slots: [SlotAssignment]
    /// What it says itself.
    public let responses: [StubResponse]
    /// How long it takes.
    public let after: CallSpan

    /// An answer.
    public init(
      outcome: Outcome = .completed, slots: [SlotAssignment] = [], responses: [StubResponse] = [],
      after: CallSpan = .milliseconds(50)
    ) {
      self.outcome = outcome
      self.slots = slots
      self.responses = responses
      self.after = after
    }
  }

  /// How an action went.
  public enum Outcome: Hashable, Sendable {
    case completed
    /// One of the tool's coded refusals.
    case refused(String)
    /// It surely did not happen.
    case failed
    /// It may or may not have happened.
    case unknown
  }
}

/// What a stubbed action says itself: a text, or a response of the assistant.
public struct StubResponse: Hashable, Sendable {
  /// A response's name; nil for words of its own.
  public let response: ResponseName?
  /// Words of its own.
  public let text: String?
  /// Choices offered on screens.
  public let buttons: [ResponseButton]
  /// A response.
  public init(response: ResponseName? = nil, text: String? = nil, buttons: [ResponseButton] = []) {
    self.response = response
    self.text = text
    self.buttons = buttons
  }
}
