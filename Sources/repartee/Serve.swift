import ArgumentParser
import Foundation
import Server

/// Where the configuration is, for every command that needs the server's settings.
struct ConfigurationOptions: ParsableArguments {
  @Option(help: "The server's configuration file.")
  var config: String?

  /// Defaults, then the file, then the environment.
  func load() throws -> ServerConfiguration {
    try Self.load(file: config, environment: ProcessInfo.processInfo.environment)
  }

  static func load(file: String?, environment: [String: String]) throws -> ServerConfiguration {
    var configuration = try file.map { try ServerConfiguration.read(file: $0) } ?? ServerConfiguration()
    try configuration.apply(environment: environment)
    return configuration
  }
}

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answers calls until it is told to stop.",
    discussion: """
      Prints one line of JSON on standard output when calls are taken. SIGTERM or Ctrl-C: new calls are refused, those
      alive may end, then the server stops. Logs are JSON lines on standard error and hold no caller's data.

      Environment:
      \(ServerConfiguration.environmentNames.map { "  \($0.name)  \($0.meaning)" }.joined(separator: "\n"))
      """)

  @OptionGroup var options: ConfigurationOptions

  @Option(help: "Write what is said, in clear, to this file. For rehearsals; callers' words go there unprotected.")
  var transcript: String?

  func run() async throws {
    var configuration = try options.load()
    configuration.transcript = transcript
    try await Server(configuration: configuration, environment: ProcessInfo.processInfo.environment).run()
  }
}
