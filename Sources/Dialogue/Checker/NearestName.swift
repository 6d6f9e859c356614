import Language

/// Finds what an author most likely meant.
package enum NearestName {
  /// The candidate with the fewest edits to `name`; nil when none is near. Among equals the first in order of the alphabet.
  package static func find(_ name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = name.lowercased()
    var best: (distance: Int, name: String)?
    for candidate in candidates.sorted() {
      let bound = max(1, min(4, max(wanted.count, candidate.count) * 2 / 5))
      guard let found = EditDistance.within(bound, wanted, candidate.lowercased()) else { continue }
      if found < best?.distance ?? .max { best = (found, candidate) }
    }
    return best?.name
  }

  /// `did you mean ...?`, or what there is to choose from.
  package static func hint(_ name: String, among candidates: some Collection<String>) -> String? {
    if let near = find(name, among: candidates) { return "did you mean `\(near)`?" }
    guard !candidates.isEmpty else { return nil }
    let listed = candidates.sorted().prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    return candidates.count > 12 ? "known are \(listed) and \(candidates.count - 12) more" : "known: \(listed)"
  }
}
