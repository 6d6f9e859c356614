/// A point in time of a call: its offset from the call's start, in whole microseconds.
///
/// The core has no clock; every step is told the instant. Encodes as an integer.
public struct CallInstant: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Microseconds since the call's start.
  public let microseconds: Int64

  /// The instant that lies this far behind the start.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The call's start.
  public static let zero = CallInstant(microseconds: 0)

  /// The instant that lies `milliseconds` behind the start.
  public static func milliseconds(_ milliseconds: Int) -> CallInstant {
    CallInstant(microseconds: Int64(milliseconds) * 1000)
  }

  /// Whole milliseconds since the start, rounded down.
  public var milliseconds: Int { Int(microseconds / 1000) }

  /// Seconds with three decimals.
  public var description: String {
    let thousandths = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: max(0, 3 - thousandths.count)) + thousandths
  }

  /// Orders by time.
  public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

  /// The instant a span later.
  public static func + (instant: Self, span: CallSpan) -> Self {
    CallInstant(microseconds: instant.microseconds + span.microseconds)
  }

  /// The instant a span earlier.
  public static func - (instant: Self, span: CallSpan) -> Self {
    CallInstant(microseconds: instant.microseconds - span.microseconds)
  }

  /// The span from one instant to another.
  public static func - (end: Self, start: Self) -> CallSpan {
    CallSpan(microseconds: end.microseconds - start.microseconds)
  }
}

/// A length of time in whole microseconds. Encodes as an integer, so that journals are canonical.
public struct CallSpan: Hashable, Sendable, Comparable {
  /// Microseconds, negative when it points backwards.
  public let microseconds: Int64

  /// A span of so many microseconds.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// No time.
  public static let zero = CallSpan(microseconds: 0)

  /// A span of so many milliseconds.
  public static func milliseconds(_ milliseconds: Int) -> CallSpan {
    CallSpan(microseconds: Int64(milliseconds) * 1000)
  }

  /// A span of so many seconds.
  public static func seconds(_ seconds: Int) -> CallSpan { .milliseconds(seconds * 1000) }

  /// Whole milliseconds, rounded towards zero.
  public var milliseconds: Int { Int(microseconds / 1000) }

  /// The same length for clocks and timers.
  public var duration: Duration { .microseconds(microseconds) }

  /// Orders by length.
  public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

  /// The sum of two spans.
  public static func + (left: Self, right: Self) -> Self {
    CallSpan(microseconds: left.microseconds + right.microseconds)
  }

  /// The difference of two spans.
  public static func - (left: Self, right: Self) -> Self {
    CallSpan(microseconds: left.microseconds - right.microseconds)
  }
}

extension CallInstant: Codable {
  /// Reads microseconds.
  public init(from decoder: any Decoder) throws {
    microseconds = try decoder.singleValueContainer().decode(Int64.self)
  }
  /// Writes microseconds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(microseconds)
  }
}

extension CallSpan: Codable {
  /// Reads microseconds.
  public init(from decoder: any Decoder) throws {
    microseconds = try decoder.singleValueContainer().decode(Int64.self)
  }
  /// Writes microseconds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(microseconds)
  }
}
