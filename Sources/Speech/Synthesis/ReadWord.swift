/// One spoken word as flite reads it: "$45" is the two words forty-five and dollars.
struct ReadWord: Hashable, Sendable {
  /// A vowel with what belongs to it.
  struct Syllable: Hashable, Sendable {
    var isStressed: Bool
    /// Names of flite's American English phones, such as `aa` or `dh`.
    var phones: [String]
  }

  var name: String
  /// Punctuation before and after, as written.
  var before: String
  var after: String
  var syllables: [Syllable]

  /// The words in the lines that the C shim writes; lines of another form are passed over.
  static func words(in lines: String) -> [ReadWord] {
    lines.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 4 else { return nil }
      let syllables = fields[3].split(separator: "/").map { syllable in
        let parts = syllable.split(separator: " ")
        return Syllable(isStressed: parts.first == "1", phones: parts.dropFirst().map(String.init))
      }
      return ReadWord(
        name: String(fields[0]), before: String(fields[1]), after: String(fields[2]), syllables: syllables)
    }
  }
}
