/** How an executable JAR starts. */
package dev.nightshift.launcher;
