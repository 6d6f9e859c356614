/// Bounds that keep a hostile or broken file from costing memory, stack or time.
struct YAMLLimits: Equatable, Sendable {
  /// Bytes of one file.
  var fileSize = 1 << 20
  /// Depth of nesting of the values.
  var depth = 64
  /// Columns a line may be indented by, list dashes included.
  var indentation = 160
  /// Values in one file, counting repetitions through aliases.
  var values = 100_000
  /// Keys written twice that are reported before reading of a file is given up.
  var duplicates = 50
}
