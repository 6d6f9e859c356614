/// The pieces of words a recogniser writes with, read from a `tokenizer.bin`: entries in the order of their ids, each a
/// length (one byte, or two when the first has its top bit set) and so many bytes of UTF-8.
struct TokenVocabulary: Sendable {
  /// Unknown, begin, end: never part of a text.
  static let begin = 1
  static let end = 2
  private static let firstText = 3
  /// Stands for the space before a word.
  private static let wordMark: [UInt8] = [0xE2, 0x96, 0x81]

  private let pieces: [[UInt8]]
  /// Pieces by what they write, in lower case.
  private let bySpelling: [[UInt8]: [Int]]
  /// The bytes of the longest one.
  let longestSpelling: Int

  var count: Int { pieces.count }

  init(_ bytes: [UInt8]) throws(SpeechError) {
    var pieces: [[UInt8]] = []
    var index = 0
    while index < bytes.count {
      var length = Int(bytes[index])
      index += 1
      if length >= 128 {
        guard index < bytes.count else { throw Self.broken }
        length = Int(bytes[index]) * 128 + length - 128
        index += 1
      }
      guard index + length <= bytes.count else { throw Self.broken }
      pieces.append(Array(bytes[index..<index + length]))
      index += length
    }
    guard pieces.count > Self.firstText else { throw Self.broken }
    self.pieces = pieces
    var bySpelling: [[UInt8]: [Int]] = [:]
    for token in Self.firstText..<pieces.count {
      bySpelling[Self.spelling(pieces[token]).map(Self.lowercased), default: []].append(token)
    }
    self.bySpelling = bySpelling
    longestSpelling = bySpelling.keys.map(\.count).max() ?? 0
  }

  private static var broken: SpeechError { SpeechError(.engineUnusable, "the recogniser's vocabulary is cut short") }

  /// Whether a piece begins a word.
  func startsWord(_ token: Int) -> Bool { piece(token).starts(with: Self.wordMark) }

  /// Whether a piece holds a letter or digit, so that its probability says something about the words.
  func isSpoken(_ token: Int) -> Bool {
    piece(token).contains { byte in
      byte >= 0x80 && !Self.wordMark.contains(byte) || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte)
    }
  }

  /// The text of pieces in a row, with single spaces and none at the ends.
  func text(of tokens: some Sequence<Int>) -> String {
    let text = String(decoding: tokens.flatMap(piece), as: UTF8.self)
    return text.split { $0 == " " || $0 == "\u{2581}" || $0 == "\n" }.joined(separator: " ")
  }

  /// The bytes a piece writes, the mark of a word as a space; none for marks that are no text.
  func spelling(of token: Int) -> [UInt8] { Self.spelling(piece(token)) }

  /// The pieces that write these bytes, small letters or capitals.
  func pieces(spelledLike bytes: [UInt8]) -> [Int] { bySpelling[bytes] ?? [] }

  /// A small letter for a capital of ASCII.
  static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

  private static func spelling(_ bytes: [UInt8]) -> [UInt8] {
    bytes.starts(with: wordMark) ? [0x20] + bytes.dropFirst(wordMark.count) : bytes
  }

  private func piece(_ token: Int) -> [UInt8] {
    token >= Self.firstText && token < pieces.count ? pieces[token] : []
  }
}
