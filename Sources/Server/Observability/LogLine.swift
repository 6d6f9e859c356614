internal import Core
internal import Foundation
internal import Logging

/// One line of the log, before it is written out.
struct LogLine: Sendable {
  let time = Date.now
  let level: Logger.Level
  let label: String
  let message: String
  var metadata: Logger.Metadata = [:]

  /// One line of JSON with its line end. Names of peers and what they sent cannot act on a terminal that shows it.
  var bytes: Data {
    var fields: [String: String] = [
      "time": time.formatted(.iso8601.time(includingFractionalSeconds: true)), "level": level.rawValue,
      "logger": label, "message": message,
    ]
    for (key, value) in metadata where fields[key] == nil { fields[key] = value.description }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let document = try? encoder.encode(fields) else { return Data() }
    return Data((TerminalText.json(String(decoding: document, as: UTF8.self)) + "\n").utf8)
  }
}
