import ArgumentParser
import Insight
import Server

struct Latency: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what callers waited for between their last sound and the first of the answer, part by part.",
    discussion: """
      Reads journals, beside or without a running server: of the calls named, or of the newest. The parts follow each other and add \
      up to the wait; what went on in the shadow of another part counts nothing and stands under `work` in the JSON. \
      Budgets: 500 ms where no tool is asked, else 900 ms until the answer or an acknowledgement.
      In a picture bars are solid up to the median and light up to the 95th percentile. `repartee calls ID` tells the same turn by \
      turn.
      Exit status: 0, also when nothing was found; 2 the picture cannot be written.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "Calls, by id, or `last`; the newest when left out.")
  var calls: [String] = []

  @Option(parsing: .unconditional, help: "Read so many of the newest calls, at least 1.", transform: Count.read)
  var limit = 200

  @Flag(help: "Print the figures as JSON, in milliseconds.")
  var json = false

  @Option(help: ArgumentHelp("Write the picture into this file, too.", valueName: "file"))
  var svg: String?

  func run() async throws {
    let latencies = try await CallArchive(try options.load()).latencies(of: calls, limit: limit)
    let chart = LatencyChart(latencies.report)
    if let svg { try Terminal.save(chart.svg, at: svg) }
    if json { return try Terminal.json(latencies) }
    if latencies.report.classes.isEmpty {
      Terminal.line("no spoken turn that was answered in \(latencies.calls) calls")
    }
    for line in chart.lines { Terminal.line(line) }
    if latencies.altered > 0 {
      Terminal.warn("\(latencies.altered) calls are not as they were written: repartee calls --verify says how")
    }
  }
}
