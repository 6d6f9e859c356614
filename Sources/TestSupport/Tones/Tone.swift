public import Core

/// A sound made of up to two sines that goes on and off: ringback, busy, a beep, a key.
public struct Tone: Hashable, Sendable {
  /// In hertz; the second is 0 for a single sine.
  public var first: Float
  public var second: Float
  /// Of each sine, in dBov (a sine of -3 dBov is at full scale).
  public var level: Float
  /// How long it sounds each time.
  public var on: CallSpan
  /// How long it pauses then; nothing for a tone that sounds once.
  public var off: CallSpan

  /// A tone.
  public init(_ first: Float, _ second: Float = 0, level: Float = -20, on: CallSpan, off: CallSpan = .zero) {
    self.first = first
    self.second = second
    self.level = level
    self.on = on
    self.off = off
  }

  /// The called telephone rings (ITU-T E.180, Europe): 425 Hz, 1 s in 5.
  public static let ringback = Tone(425, on: .seconds(1), off: .seconds(4))
  /// The same in North America: 440 and 480 Hz, 2 s in 6.
  public static let ringbackNorthAmerica = Tone(440, 480, on: .seconds(2), off: .seconds(4))
  /// The called telephone is busy (Europe).
  public static let busy = Tone(425, on: .milliseconds(480), off: .milliseconds(480))
  /// A short beep.
  public static let beep = Tone(1_000, on: .milliseconds(200))

  /// The tone of a key (ITU-T Q.23); nil for a character that is no key.
  public static func key(_ key: Character, on: CallSpan = .milliseconds(100), off: CallSpan = .zero) -> Tone? {
    let rows: [Float] = [697, 770, 852, 941]
    let columns: [Float] = [1_209, 1_336, 1_477, 1_633]
    guard let place = Array("123A456B789C*0#D").firstIndex(of: key) else { return nil }
    return Tone(rows[place / 4], columns[place % 4], level: -13, on: on, off: off)
  }
}
