/// Distance of two words in single-letter edits, neighbours swapped counting one (optimal string alignment).
package enum EditDistance {
  /// The distance, or nil when it is above `limit`.
  package static func within(_ limit: Int, _ left: String, _ right: String) -> Int? {
    let a = Array(left.unicodeScalars)
    let b = Array(right.unicodeScalars)
    guard abs(a.count - b.count) <= limit else { return nil }
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var older = [Int](repeating: 0, count: b.count + 1)
    var old = Array(0...b.count)
    for i in 1...a.count {
      var row = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        row[j] = min(old[j] + 1, row[j - 1] + 1, old[j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], older[j - 2] + 1) }
      }
      older = old
      old = row
    }
    return old[b.count] <= limit ? old[b.count] : nil
  }
}
