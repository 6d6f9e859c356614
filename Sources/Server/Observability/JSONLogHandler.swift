public import Logging

/// Logs as JSON lines on standard error: time, level, message, metadata. Operators' data only; callers' values are
/// `Sensitive` and show as their label. Never waits: a `LogWriter` writes on a thread of its own.
public struct JSONLogHandler: LogHandler {
  /// Where the lines come from.
  private let label: String
  private let writer: LogWriter
  public var logLevel: Logger.Level
  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?

  /// A handler for one label, on standard error.
  public init(label: String, level: Logger.Level) { self.init(label: label, level: level, writer: .standardError) }

  init(label: String, level: Logger.Level, writer: LogWriter) {
    self.label = label
    self.writer = writer
    logLevel = level
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    writer.append(
      LogLine(
        level: event.level, label: label, message: event.message.description,
        metadata: metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })))
  }
}
