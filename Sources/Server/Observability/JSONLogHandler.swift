internal import Foundation
public import Logging

/// Logs as JSON lines on standard error: time, level, message, metadata. Operators' data only; callers' values are
/// `Sensitive` and show as their label. Nobody who logs waits for the writing.
public struct JSONLogHandler: LogHandler {
  /// Where the lines come from.
  private let label: String
  public var logLevel: Logger.Level
  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?

  /// A handler for one label.
  public init(label: String, level: Logger.Level) {
    self.label = label
    logLevel = level
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var line: [String: String] = [
      "time": Date.now.formatted(.iso8601.time(includingFractionalSeconds: true)), "level": event.level.rawValue,
      "logger": label, "message": event.message.description,
    ]
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) where line[key] == nil {
      line[key] = value.description
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var bytes = try? encoder.encode(line) else { return }
    bytes.append(0x0A)
    LogOutput.standardError.write(bytes)
  }
}
