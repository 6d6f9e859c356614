/// Takes personal data out of text that others wrote: messages of libraries on their way to a log, SIP messages on their
/// way to a trace. Our own values travel as `Sensitive` and need no redactor; this is the net below.
///
/// Pure; linear in the length of the text.
public enum Redactor {
  /// From how many digits on a run is taken for a number of a person.
  public static let shortestNumber = 6

  /// Text without SIP and telephone users (`sip:<user>@host`), e-mail addresses (`<email>`) and runs of six or more digits
  /// (`<digits>`), which may be spaced by single blanks, hyphens, slashes or parentheses and start with `+`.
  ///
  /// IPv4 addresses, ports and status codes stay.
  public static func redact(_ text: String) -> String {
    var scanner = TextScanner(Array(text.utf8))
    return String(decoding: scanner.redacted(), as: UTF8.self)
  }
}

/// One pass over the bytes of a text.
private struct TextScanner {
  let input: [UInt8]
  var output: [UInt8] = []
  var position = 0

  init(_ input: [UInt8]) {
    self.input = input
    output.reserveCapacity(input.count)
  }

  mutating func redacted() -> [UInt8] {
    while position < input.count {
      if takeURI() || takeMail() || takeNumber() { continue }
      output.append(input[position])
      position += 1
    }
    return output
  }

  private mutating func replace(upTo end: Int, by placeholder: String) {
    output.append(contentsOf: placeholder.utf8)
    position = end
  }

  /// `sip:user:password@host`, `sips:user@host`, `tel:number`.
  private mutating func takeURI() -> Bool {
    guard position == 0 || !input[position - 1].isWordByte else { return false }
    for scheme in ["sips:", "sip:", "tel:"] where starts(with: scheme) {
      let userStart = position + scheme.utf8.count
      var end = userStart
      while end < input.count, input[end].isUserByte { end += 1 }
      if scheme == "tel:" {
        guard end > userStart else { return false }
      } else {
        guard end < input.count, input[end] == UInt8(ascii: "@"), end > userStart else { return false }
      }
      output.append(contentsOf: input[position..<userStart])
      replace(upTo: end, by: "<user>")
      return true
    }
    return false
  }

  private func starts(with scheme: String) -> Bool {
    let bytes = scheme.utf8
    guard input.count - position >= bytes.count else { return false }
    return zip(input[position...], bytes).allSatisfy { ($0 | 0x20) == ($1 | 0x20) }
  }

  private mutating func takeMail() -> Bool {
    guard position == 0 || !input[position - 1].isMailByte else { return false }
    var at = position
    while at < input.count, input[at].isMailByte { at += 1 }
    guard at > position, at < input.count, input[at] == UInt8(ascii: "@") else { return false }
    var end = at + 1
    while end < input.count, input[end].isWordByte || input[end] == UInt8(ascii: ".") || input[end] == UInt8(ascii: "-")
    {
      end += 1
    }
    guard end > at + 1 else { return false }
    replace(upTo: end, by: "<email>")
    return true
  }

  private mutating func takeNumber() -> Bool {
    var end = position
    if input[end] == UInt8(ascii: "+") || input[end] == UInt8(ascii: "(") { end += 1 }
    guard end < input.count, input[end].isDigit, position == 0 || !input[position - 1].isDigit else { return false }
    var digits = 0
    var lastDigit = end
    var gap = 0
    while end < input.count, gap <= 2 {
      if input[end].isDigit {
        digits += 1
        gap = 0
        lastDigit = end
      } else if input[end].isNumberSeparator {
        gap += 1
      } else {
        break
      }
      end += 1
    }
    guard digits >= Redactor.shortestNumber else { return false }
    replace(upTo: lastDigit + 1, by: "<digits>")
    return true
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
  /// Letters, digits and every byte of a letter outside ASCII.
  fileprivate var isWordByte: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20) || self >= 0x80 || self == UInt8(ascii: "_")
  }
  fileprivate var isMailByte: Bool { isWordByte || ".+-%'".utf8.contains(self) }
  /// What a SIP user part, its parameters and its password may hold (RFC 3261 section 25.1).
  fileprivate var isUserByte: Bool { isWordByte || "-.!~*'()%&=+$,;?/#:".utf8.contains(self) }
  fileprivate var isNumberSeparator: Bool { " -/()".utf8.contains(self) }
}
