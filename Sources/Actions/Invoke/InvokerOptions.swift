public import Core

/// The bounds of tools' requests.
public struct InvokerOptions: Hashable, Sendable {
  /// The pause before a reading tool's second try, and the first pause between probes (they double). Default 100 ms.
  public var pause = CallSpan.milliseconds(100)
  /// The longest pause between probes. Default 2 s.
  public var longestPause = CallSpan.seconds(2)
  /// How many probes may fail before the outcome is unknown. Default 4.
  public var probeTries = 4
  /// How many open intents are probed at once when the server starts. Default 8.
  public var recoveryWidth = 8

  /// The defaults.
  public init() {}
}
