/// Finds what an author most likely meant.
enum NearestName {
  /// The candidate with the fewest edits to `name`; nil when none is near. Among equals the first in order of the alphabet.
  static func find(_ name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = name.lowercased()
    var best: (distance: Int, name: String)?
    for candidate in candidates.sorted() {
      let bound = max(1, min(4, max(wanted.count, candidate.count) * 2 / 5))
      let found = distance(Array(wanted.unicodeScalars), Array(candidate.lowercased().unicodeScalars), bound: bound)
      if found <= bound, found < best?.distance ?? .max { best = (found, candidate) }
    }
    return best?.name
  }

  /// Edits that turn one text into the other: insertions, deletions, replacements and swaps of neighbours (optimal string
  /// alignment). Beyond `bound` any larger number.
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], bound: Int) -> Int {
    guard abs(left.count - right.count) <= bound else { return bound + 1 }
    var before: [Int] = []
    var previous = Array(0...right.count)
    for i in left.indices {
      var current = [i + 1]
      for j in right.indices {
        var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, before[j - 1] + 1) }
        current.append(cost)
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }

  /// `did you mean ...?`, or what there is to choose from.
  static func hint(_ name: String, among candidates: some Collection<String>) -> String? {
    if let near = find(name, among: candidates) { return "did you mean `\(near)`?" }
    guard !candidates.isEmpty else { return nil }
    let listed = candidates.sorted().prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    return candidates.count > 12 ? "known are \(listed) and \(candidates.count - 12) more" : "known: \(listed)"
  }
}
