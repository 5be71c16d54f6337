package peloton.command.client;

import peloton.api.ids.EntityVersion;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an entity version such as {@code 1-1-1}. */
public final class EntityVersionConverter implements ITypeConverter<EntityVersion> {
  @Override
  public EntityVersion convert(String text) {
    try {
      return EntityVersion.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
