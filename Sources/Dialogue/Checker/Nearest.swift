/// The known name an author most likely meant.
enum Nearest {
  /// The name at the smallest edit distance, when that is small for its length.
  static func name(to text: String, among names: [String]) -> String? {
    let best = names.sorted().map { (name: $0, distance: distance(text, $0)) }.min { $0.distance < $1.distance }
    guard let best, best.distance <= max(2, text.count / 4) else { return nil }
    return best.name
  }

  /// Levenshtein's distance.
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var row = Array(0...right.count)
    for (i, character) in left.enumerated() {
      var before = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let changed = before + (character == other ? 0 : 1)
        before = row[j + 1]
        row[j + 1] = min(changed, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
