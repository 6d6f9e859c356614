import Foundation

/// A run's figures, for people or for programs.
struct Report: Encodable {
  let rounds: Int
  let processors: Int
  let outcomes: [Outcome]

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var table: String {
    var lines: [String] = []
    for outcome in outcomes {
      lines.append("\(outcome.suite): \(outcome.input)")
      lines.append(
        row("", "one", "CPU time", "middle half", "a second", "ratio", "allocations"))
      for figure in outcome.figures {
        lines.append(
          row(
            figure.name, figure.unit, time(figure.nanoseconds),
            "\(time(figure.quartiles[0]))-\(time(figure.quartiles[1]))", count(figure.perSecond),
            decimal(figure.ratio), figure.allocations.map { decimal($0) } ?? "not counted"))
      }
      for derived in outcome.derived { lines.append("  -> \(count(derived.value)) \(derived.unit) (\(derived.name))") }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  private func row(_ name: String, _ cells: String...) -> String {
    let widths = [10, 10, 20, 12, 9, 12]
    let rest = zip(cells, widths).map { cell, width in
      String(repeating: " ", count: max(1, width - cell.count)) + cell
    }
    return "  " + name.padding(toLength: 46, withPad: " ", startingAt: 0) + rest.joined()
  }

  private func time(_ nanoseconds: Double) -> String {
    switch nanoseconds {
    case ..<1000: String(format: "%.0f ns", nanoseconds)
    case ..<1_000_000: String(format: "%.2f us", nanoseconds / 1000)
    default: String(format: "%.2f ms", nanoseconds / 1_000_000)
    }
  }

  private func decimal(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.1f", value) }

  private func count(_ value: Double) -> String {
    var digits = Array(String(Int(value.rounded())))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }
}
