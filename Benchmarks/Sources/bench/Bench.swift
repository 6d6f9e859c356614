import Foundation

/// `bench [--json] [--rounds N] [SUITE ...]`: measures, and writes a table or JSON to standard output.
@main
struct Bench {
  static let names = ["step", "dialogue", "tick", "language", "check"]

  static func main() async {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      guard !options.wantsHelp else {
        print("bench [--json] [--rounds N] [--shop FOLDER] [\(names.joined(separator: " | "))] ...")
        return
      }
      let measurement = Measurement(rounds: options.rounds, slice: 0.05)
      var outcomes: [Outcome] = []
      for name in options.suites {
        FileHandle.standardError.write(Data("measuring \(name)\n".utf8))
        if name == "check" {
          let folders = try Folders(counts: [50, 200])
          defer { folders.remove() }
          outcomes.append(try await measurement.run(folders.suite))
        } else {
          outcomes.append(try await measurement.run(try await suite(name, shop: options.shop)))
        }
      }
      let report = Report(
        rounds: options.rounds, processors: ProcessInfo.processInfo.activeProcessorCount, outcomes: outcomes)
      print(options.isJSON ? try report.json : report.table)
    } catch {
      FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func suite(_ name: String, shop: String) async throws -> Suite {
    switch name {
    case "step": try ShopDialogues(folder: shop).suite
    case "dialogue":
      ManyFlows.suite(
        few: try ManyFlows(flows: 5, patternsOf: shop), many: try ManyFlows(flows: 50, patternsOf: shop))
    case "tick": try await .tick(assistant: try ShopDialogues(folder: shop).assistant)
    default: try Utterances.suite()
    }
  }
}

/// What is asked for on the command line.
struct Options {
  var isJSON = false
  var wantsHelp = false
  var rounds = 21
  var shop = "Examples/shop"
  var suites: [String] = []

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": isJSON = true
      case "--help", "-h": wantsHelp = true
      case "--rounds":
        guard let value = rest.popFirst().flatMap(Int.init), value > 0 else {
          throw BenchmarkError("--rounds takes a number from 1 on")
        }
        rounds = value
      case "--shop":
        guard let value = rest.popFirst() else { throw BenchmarkError("--shop takes a folder") }
        shop = value
      case let name where Bench.names.contains(name): suites.append(name)
      default:
        throw BenchmarkError(
          "'\(argument)' is none of \(Bench.names.joined(separator: ", ")), --json, --rounds, --shop")
      }
    }
    if suites.isEmpty { suites = Bench.names }
  }
}
