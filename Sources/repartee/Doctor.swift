import ArgumentParser
import Foundation
import Server

struct Doctor: ParsableCommand, Judging {
  static let configuration = CommandConfiguration(
    abstract: "Says what this machine lacks to answer calls, and what to do about it.",
    discussion: "Exit status: 0 nothing is lacking, 1 something is, 2 the configuration cannot be read.")

  @OptionGroup var options: ConfigurationOptions

  @Flag(help: "Print findings as JSON.")
  var json = false

  func run() throws {
    let findings = Examination(try options.load(), environment: ProcessInfo.processInfo.environment).findings()
    if json {
      try Terminal.json(findings)
    } else {
      for finding in findings {
        Terminal.line("\(finding.isGood ? "good" : "BAD ")  \(finding.what)")
        if let advice = finding.advice { Terminal.report("      \(advice)") }
      }
    }
    if findings.contains(where: { !$0.isGood }) { throw ExitCode(1) }
  }
}
