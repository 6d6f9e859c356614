/// Where in an assistant's folder something is written.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  /// Path relative to the folder, with `/`.
  public let file: String
  /// Line, from 1.
  public let line: Int
  /// Column, from 1.
  public let column: Int
  /// A place in a file.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
  /// `file:line:column`.
  public var description: String { "\(file):\(line):\(column)" }
}
