internal import Foundation

/// A report as a picture: a bar for each part of the wait, up to its median and on to the length that nineteen of twenty turns stayed
/// within.
public struct LatencyChart: Sendable {
  private let report: LatencyReport

  /// The picture of a report.
  public init(_ report: LatencyReport) { self.report = report }

  // MARK: Text

  private static let barWidth = 40
  private static let nameWidth = LatencyPart.allCases.map(\.rawValue.count).max() ?? 0

  /// Lines for a terminal: full blocks to the median, light ones to the 95th percentile.
  public var lines: [String] {
    report.classes.flatMap { row -> [String] in
      let scale = scale(row)
      let head =
        "\(row.kind.rawValue) turns: \(row.turns), p50 \(row.total.p50) ms, p95 \(row.total.p95) ms, longest \(row.total.max) ms; "
        + "\(row.withinBudget) within \(row.budget) ms"
      return [head]
        + bars(row).map { name, spread in
          let solid = spread.p50 * Self.barWidth / scale
          let light = spread.p95 * Self.barWidth / scale - solid
          let bar = String(repeating: "█", count: solid) + String(repeating: "░", count: light)
          let name = name.padding(toLength: Self.nameWidth + 2, withPad: " ", startingAt: 0)
          return "  " + name + bar.padding(toLength: Self.barWidth + 1, withPad: " ", startingAt: 0)
            + "p50 \(spread.p50)  p95 \(spread.p95)"
        }
    }
  }

  // MARK: SVG

  private static let rowHeight = 22
  private static let left = 150
  private static let plotWidth = 560
  private static let width = 860

  /// A standalone SVG document.
  public var svg: String {
    var body = ""
    var y = 8
    for row in report.classes {
      let scale = scale(row)
      func x(_ milliseconds: Int) -> Int { Self.left + milliseconds * Self.plotWidth / scale }
      y += 20
      body += text(
        "\(row.kind.rawValue) turns: \(row.turns) · p50 \(row.total.p50) ms · p95 \(row.total.p95) ms · \(row.withinBudget) within \(row.budget) ms",
        8, y, "b")
      let top = y + 8
      y = top
      for (name, spread) in bars(row) {
        let middle = y + Self.rowHeight - 7
        body += text(name, 8, middle, "n")
        body += rectangle(x(0), y + 5, x(spread.p95) - x(0), "l")
        body += rectangle(x(0), y + 5, x(spread.p50) - x(0), "s")
        body += text("\(spread.p50) / \(spread.p95) ms", x(spread.p95) + 6, middle, "n")
        y += Self.rowHeight
      }
      if row.budget <= scale {
        body += "<line x1=\"\(x(row.budget))\" y1=\"\(top)\" x2=\"\(x(row.budget))\" y2=\"\(y)\" class=\"m\"/>\n"
        body += text("budget", x(row.budget) + 4, top + 2, "n")
      }
      y += 14
    }
    let style =
      "text{font:13px system-ui,sans-serif;fill:#222}.b{font-weight:600}.n{font-size:12px;fill:#444}.s{fill:#2b6cb0}.l{fill:#bcd4ee}.m{stroke:#c53030;stroke-dasharray:4 3}"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(y + 8)" role="img" aria-label="What callers waited for">
      <style>\(style)</style><rect width="100%" height="100%" fill="#fff"/>
      \(body)</svg>

      """
  }

  private func text(_ words: String, _ x: Int, _ y: Int, _ style: String) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" class=\"\(style)\">\(words)</text>\n"
  }

  private func rectangle(_ x: Int, _ y: Int, _ width: Int, _ style: String) -> String {
    "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(Self.rowHeight - 9)\" class=\"\(style)\"/>\n"
  }

  // MARK: Bars

  private func bars(_ row: LatencyReport.Row) -> [(String, LatencyReport.Spread)] {
    LatencyPart.allCases.compactMap { part in row.parts[part].map { (part.rawValue, $0) } } + [("total", row.total)]
  }

  private func scale(_ row: LatencyReport.Row) -> Int { max(1, row.total.p95, row.budget) }
}
